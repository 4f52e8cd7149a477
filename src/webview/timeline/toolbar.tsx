// The clock's controls and the view's: buttons that say what they do, for mouse and keyboard alike.
import { formatTimeOfDay } from "../../base/time.ts";
import type { ActorGroup, StringId, TimelineFilters } from "../../protocol.ts";
import { faultSentence } from "./faultSentence.ts";
import { actorGroups, isFiltering } from "./filters.ts";
import { Icon } from "./icon.tsx";
import { Legend } from "./legend.tsx";
import { Popup } from "./popup.tsx";
import { dateAndTime } from "./ticks.ts";
import type { ViewProps } from "./view.ts";

export const speeds = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600] as const;

export const Toolbar = ({ view }: ViewProps) => {
  const { model } = view;
  const t = model.t.value;
  return (
    <div class="toolbar" role="toolbar" aria-label={t("toolbar.label")}>
      <Clock view={view} />
      {model.init.value?.hasSimulator && <ClockControls view={view} />}
      <span class="separator" />
      <Toggle
        icon="arrow-right"
        label={t("toolbar.follow")}
        caption={t("toolbar.followShort")}
        isOn={model.follow.value}
        onClick={() => model.toggleFollow()}
      />
      <IconButton icon="zoom-in" label={t("toolbar.zoomIn")} onClick={() => model.zoom(0.6, 0.5)} />
      <IconButton
        icon="zoom-out"
        label={t("toolbar.zoomOut")}
        onClick={() => model.zoom(1 / 0.6, 0.5)}
      />
      <IconButton icon="screen-full" label={t("toolbar.showAll")} onClick={() => model.showAll()} />
      <span class="separator" />
      <Filters view={view} />
      <Faults view={view} />
      <span class="spring" />
      <Toggle
        icon="list-flat"
        label={t("toolbar.text")}
        caption={t("toolbar.textShort")}
        isOn={model.isTextShown.value}
        onClick={() => {
          model.isTextShown.value = !model.isTextShown.value;
        }}
      />
      <Popup icon="question" label={t("toolbar.help")}>
        <Legend t={t} />
      </Popup>
    </div>
  );
};

const Clock = ({ view: { model } }: ViewProps) => {
  const now = model.nowSeconds.value;
  const t = model.t.value;
  return (
    <div class="clock" role="timer" aria-live="off" title={t("toolbar.clock", dateAndTime(now))}>
      <Icon name="clockface" />
      <span>{formatTimeOfDay(now)}</span>
    </div>
  );
};

const ClockControls = ({ view: { model, host } }: ViewProps) => {
  const t = model.t.value;
  const { paused, speed, behind } = model.status.value;
  const offered = speeds.some((value) => value === speed)
    ? speeds
    : [...speeds, speed].sort(byValue);
  return (
    <>
      <IconButton
        icon={paused ? "play" : "debug-pause"}
        label={t(paused ? "toolbar.resume" : "toolbar.pause")}
        onClick={() => (paused ? host.resume() : host.pause())}
      />
      <IconButton icon="debug-step-over" label={t("toolbar.step")} onClick={() => host.step()} />
      <select
        class="speed"
        aria-label={t("toolbar.speed")}
        title={t("toolbar.speed")}
        value={String(speed)}
        onChange={({ currentTarget }) => host.setSpeed(Number(currentTarget.value))}
      >
        {offered.map((value) => (
          <option key={value} value={String(value)}>
            {value}×
          </option>
        ))}
      </select>
      {behind && (
        <span class="behind" title={t("toolbar.behind")}>
          <Icon name="warning" /> {t("toolbar.behindShort")}
        </span>
      )}
    </>
  );
};

const groupText: Readonly<Record<ActorGroup, StringId>> = {
  clients: "filter.clients",
  scheduler: "filter.scheduler",
  controllers: "filter.controllers",
  kubelets: "filter.kubelets",
};

const Filters = ({ view: { model } }: ViewProps) => {
  const t = model.t.value;
  const filters = model.filters.value;
  const change = (changed: Partial<TimelineFilters>): void =>
    model.setFilters({ ...filters, ...changed });
  const toggle = (group: ActorGroup, isOn: boolean): void =>
    change({
      requestsBy: actorGroups.filter((other) =>
        other === group ? isOn : filters.requestsBy.includes(other),
      ),
    });
  return (
    <>
      <Popup
        icon={isFiltering(filters) ? "filter-filled" : "filter"}
        label={t(isFiltering(filters) ? "filter.active" : "filter.label")}
        isMarked={isFiltering(filters)}
      >
        <fieldset>
          <legend>{t("filter.show")}</legend>
          <Check
            label={t("filter.heartbeats")}
            isOn={filters.heartbeats}
            onChange={(heartbeats) => change({ heartbeats })}
          />
          <Check
            label={t("filter.eventObjects")}
            isOn={filters.eventObjects}
            onChange={(eventObjects) => change({ eventObjects })}
          />
        </fieldset>
        <fieldset>
          <legend>{t("filter.requestsBy")}</legend>
          {actorGroups.map((group) => (
            <Check
              key={group}
              label={t(groupText[group])}
              isOn={filters.requestsBy.includes(group)}
              onChange={(isOn) => toggle(group, isOn)}
            />
          ))}
        </fieldset>
      </Popup>
      <input
        class="search"
        type="search"
        aria-label={t("filter.text")}
        placeholder={t("filter.textHint")}
        value={filters.text}
        onInput={({ currentTarget }) => change({ text: currentTarget.value })}
      />
    </>
  );
};

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

const Check = ({ label, isOn, onChange }: CheckProps) => (
  <label class="check">
    <input
      type="checkbox"
      checked={isOn}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />{" "}
    {label}
  </label>
);

const Faults = ({ view: { model } }: ViewProps) => {
  const { faults } = model.status.value;
  const [first] = faults;
  if (!first) return null;
  const t = model.t.value;
  const all = faults.map((fault) => faultSentence(fault, false, t)).join("\n");
  return (
    <span class="faults" title={all}>
      <Icon name="zap" /> {faultSentence(first, false, t)}
      {faults.length > 1 && ` +${faults.length - 1}`}
    </span>
  );
};

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
}

const IconButton = ({ icon, label, onClick }: IconButtonProps) => (
  <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

interface ToggleProps extends IconButtonProps {
  readonly caption: string;
  readonly isOn: boolean;
}

const Toggle = ({ icon, label, caption, isOn, onClick }: ToggleProps) => (
  <button
    type="button"
    class={`icon-button${isOn ? " marked" : ""}`}
    aria-label={label}
    title={label}
    aria-pressed={isOn}
    onClick={onClick}
  >
    <Icon name={isOn && icon === "arrow-right" ? "check" : icon} />
    <span class="caption">{caption}</span>
  </button>
);

function byValue(a: number, b: number): number {
  return a - b;
}
