// The whole view: toolbar, chart or table, and the inspector beside it.
import { Announcer } from "./announcer.tsx";
import { Chart } from "./chart.tsx";
import { Inspector } from "./inspector.tsx";
import { Minimap } from "./minimap.tsx";
import { Splitter } from "./splitter.tsx";
import { TextView } from "./textView.tsx";
import { Toolbar } from "./toolbar.tsx";
import type { ViewProps } from "./view.ts";

export const App = ({ view }: ViewProps) => {
  const { model } = view;
  if (!model.init.value) return null;
  const t = model.t.value;
  const isInspecting = model.selection.value !== undefined;
  return (
    <main
      class="timeline"
      aria-busy={!model.hasHistory.value}
      style={{ "--inspector-size": `${view.inspectorSize.value}px` }}
    >
      <h1 class="visually-hidden">{t("title", model.init.value.clusterName)}</h1>
      <p id="chart-keys" class="visually-hidden">
        {t("chart.keys")}
      </p>
      <Toolbar view={view} />
      {model.connection.value === "lost" && (
        <p class="notice" role="alert">
          {t("connection.lost")}
        </p>
      )}
      <div class="body">
        <div class="picture">
          {model.isTextShown.value ? <TextView view={view} /> : <Chart view={view} />}
          <FirstSteps view={view} />
          <Minimap view={view} />
        </div>
        {isInspecting && <Splitter view={view} />}
        <Inspector view={view} />
      </div>
      <Announcer view={view} />
    </main>
  );
};

/** Until something of the user's runs, the view says how to begin. */
const FirstSteps = ({ view: { model } }: ViewProps) => {
  const t = model.t.value;
  if (model.hasWorkload.value || !model.hasHistory.value) return null;
  return (
    <div class="first-steps">
      <h2>{t("empty.title")}</h2>
      <p>{t("empty.text")}</p>
    </div>
  );
};
