// Texts for people, in the language of the editor. Pure modules take them from here, so that they run
// without an editor, where the texts stay English.

export type TextArgument = string | number | boolean;
type Translate = (message: string, ...args: TextArgument[]) => string;

let translate: Translate = fill;

/** The same shape as vscode.l10n, so that the extraction tools find the texts. */
export const l10n = {
  t: (message: string, ...args: TextArgument[]): string => translate(message, ...args),
};

/** Called once, at activation. */
export function localizeWith(translator: Translate): void {
  translate = translator;
}

/** Puts the arguments in the places "{0}", "{1}", ... of the message. */
export function fill(message: string, ...args: TextArgument[]): string {
  return message.replace(/\{(\d+)\}/g, (place, index) => String(args[Number(index)] ?? place));
}
