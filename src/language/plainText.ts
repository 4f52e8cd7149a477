// Which texts YAML takes for texts without quotes, wherever they stand.

/** True for texts that are no number, boolean or null, and no syntax, without quotes. */
export function isPlainText(text: string): boolean {
  return (
    /^[A-Za-z_/.][\w./:@-]*$/.test(text) &&
    !/:$/.test(text) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) &&
    !/^\.(inf|nan|\d)/i.test(text)
  );
}
