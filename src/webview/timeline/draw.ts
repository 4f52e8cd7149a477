// Paints a layout on a canvas. It decides colours and strokes, nothing else.
import type { TraceEvent } from "../../api/traceEvent.ts";
import type { Chain } from "./chain.ts";
import type { EventIndex, Pull } from "./eventIndex.ts";
import { isHeartbeat } from "./filters.ts";
import { type Glyph, glyphOf } from "./glyph.ts";
import { type Lane, lanePadding, marksHeight, pullRowHeight, reportRowHeight } from "./lane.ts";
import {
  type Anchor,
  holds,
  type Layout,
  markRadius,
  type Placed,
  type PlacedBand,
  type PlacedCluster,
  type PlacedItem,
  type PlacedMark,
  type PlacedPull,
  type PlacedReport,
  placer,
} from "./layout.ts";
import type { Theme } from "./theme.ts";
import { ticksOf } from "./ticks.ts";
import { isAlarm } from "./track.ts";
import { xOf } from "./viewport.ts";

export interface Picture {
  readonly layout: Layout;
  readonly index: EventIndex;
  readonly theme: Theme;
  readonly chain: Chain | undefined;
  readonly cursor: TraceEvent | undefined;
  readonly isKeyboardIn: boolean;
  readonly hovered: PlacedItem | undefined;
  /** In CSS pixels. */
  readonly height: number;
  readonly scrollTop: number;
  label(event: TraceEvent): string;
  pullLabel(pull: Pull): string;
  bandLabel(band: PlacedBand): string;
}

/** What is not part of the selected chain steps back. */
const fadedAlpha = 0.3;
const maxLabelWidth = 240;
const minLabelWidth = 34;

/** `context` is scaled to CSS pixels. */
export function draw(context: CanvasRenderingContext2D, picture: Picture): void {
  const { layout, theme, height, scrollTop } = picture;
  const { width } = layout.scale;
  context.globalAlpha = 1;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.save();
  context.translate(0, -scrollTop);
  context.textBaseline = "middle";
  drawGround(context, picture);
  for (const band of layout.bands) drawBand(context, band, picture);
  drawNow(context, picture);
  drawReports(context, picture);
  for (const pull of layout.pulls) drawPull(context, pull, picture);
  for (const cluster of layout.clusters) drawCluster(context, cluster, picture);
  drawLinks(context, picture);
  for (const mark of layout.marks) drawMark(context, mark, picture);
  drawCursor(context, picture);
  context.restore();
}

function drawGround(context: CanvasRenderingContext2D, { layout, theme }: Picture): void {
  const { lanes, scale } = layout;
  const [first, last] = [lanes[0], lanes.at(-1)];
  if (!first || !last) return;
  context.fillStyle = theme.grid;
  for (const { x } of ticksOf(scale))
    context.fillRect(Math.round(x), first.top, 1, last.top + last.height - first.top);
  context.fillStyle = theme.border;
  for (const { top, height } of lanes) context.fillRect(0, top + height - 1, scale.width, 1);
}

function drawNow(context: CanvasRenderingContext2D, { layout, theme, ...picture }: Picture): void {
  const x = Math.round(xOf(layout.scale, layout.now));
  if (x < 0 || x > layout.scale.width) return;
  context.fillStyle = theme.future;
  context.fillRect(x, picture.scrollTop, layout.scale.width - x, picture.height);
  context.fillStyle = theme.focus;
  context.fillRect(x, picture.scrollTop, 2, picture.height);
}

/** Hatched, edged and named: three signs beside the colour. */
function drawBand(context: CanvasRenderingContext2D, band: PlacedBand, picture: Picture): void {
  const { lane, x, width, reason } = band;
  const { theme } = picture;
  const isFault = "type" in reason;
  const [top, height] = [lane.top + 1, lane.height - 3];
  context.save();
  context.beginPath();
  context.rect(x, top, width, height);
  context.clip();
  context.globalAlpha = isFault ? 0.1 : 0.07;
  context.fillStyle = theme.alarm;
  context.fillRect(x, top, width, height);
  context.globalAlpha = isFault ? 0.28 : 0;
  context.strokeStyle = theme.alarm;
  context.lineWidth = 1;
  hatch(context, x, top, width, height);
  context.restore();
  context.fillStyle = theme.alarm;
  context.fillRect(x, top, 2, height);
  context.fillRect(x + width - 1, top, 1, height);
  const y = isFault ? lane.top + lane.height - reportRowHeight - lanePadding - 6 : lane.top + 10;
  drawBandLabel(context, picture.bandLabel(band), Math.max(x, 0) + 6, y, x + width, theme);
}

function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const gap = 9;
  context.beginPath();
  for (let at = Math.floor((x - height) / gap) * gap; at < x + width; at += gap) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
}

function drawBandLabel(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  end: number,
  theme: Theme,
): void {
  const room = end - x - 4;
  if (room < minLabelWidth) return;
  context.font = theme.smallFont;
  const fitted = shortened(context, text, room);
  const width = context.measureText(fitted).width;
  context.globalAlpha = 0.85;
  context.fillStyle = theme.background;
  context.fillRect(x - 2, y - 6, width + 4, 12);
  context.globalAlpha = 1;
  context.fillStyle = theme.alarm;
  context.fillText(fitted, x, y);
}

/** Neighbours of one look are filled together: there may be thousands. */
function drawReports(context: CanvasRenderingContext2D, picture: Picture): void {
  let look = "";
  for (const report of picture.layout.reports) {
    const { color, alpha, width } = lookOf(report, picture);
    if (look !== color + alpha) {
      if (look !== "") context.fill();
      look = color + alpha;
      context.fillStyle = color;
      context.globalAlpha = alpha;
      context.beginPath();
    }
    const height = report.isTall ? reportRowHeight : leaseHeight;
    const bottom = report.y + reportRowHeight / 2;
    context.rect(Math.round(report.x) - width / 2, bottom - height, width, height);
  }
  if (look !== "") context.fill();
  context.globalAlpha = 1;
}

const leaseHeight = 5;

function lookOf(
  report: PlacedReport,
  { theme, chain, hovered }: Picture,
): { readonly color: string; readonly alpha: number; readonly width: number } {
  const { event, isTall, lane } = report;
  if (hovered === report || chain?.selected === event.id)
    return { color: theme.text, alpha: 1, width: 4 };
  return {
    color: isTall ? theme.lane[lane.kind] : theme.muted,
    alpha: isFaded(chain, event) ? fadedAlpha : 1,
    width: isTall ? 2 : 1.5,
  };
}

/** The kubelet's words stand in the bar, or behind it if they don't fit. */
function drawPull(
  context: CanvasRenderingContext2D,
  { x, y, width, room, pull }: PlacedPull,
  picture: Picture,
): void {
  const { theme, chain, layout } = picture;
  const isApart = isFaded(chain, pull.start) && (!pull.end || isFaded(chain, pull.end));
  const alpha = isApart ? fadedAlpha : 1;
  context.beginPath();
  context.roundRect(x, y - pullBarHeight / 2, width, pullBarHeight, 2);
  context.globalAlpha = alpha * 0.22;
  context.fillStyle = theme.lane.node;
  context.fill();
  context.globalAlpha = alpha;
  context.strokeStyle = theme.lane.node;
  context.lineWidth = 1;
  context.stroke();
  if (isApart) return;
  const left = Math.max(x, 0) + 4;
  const right = Math.min(x + width, layout.scale.width);
  if (Math.max(right - left, room - width) < minLabelWidth) return;
  const text = picture.pullLabel(pull);
  context.font = theme.smallFont;
  if (widthOf(context, text) <= right - left - 4) {
    context.fillStyle = theme.text;
    context.fillText(text, left, y + 0.5);
  } else {
    const start = x + width + 5;
    drawLabel(context, text, start, y, Math.min(x + room, layout.scale.width) - start, theme);
  }
  context.globalAlpha = 1;
}

const pullBarHeight = 11;

/** As tall as the logarithm of what it stands for; the number is written on it. */
function drawCluster(
  context: CanvasRenderingContext2D,
  cluster: PlacedCluster,
  picture: Picture,
): void {
  const { lane, x, y, width, from, to, alarms } = cluster;
  const { theme, chain, hovered } = picture;
  const count = to - from;
  const height = clusterHeight(lane, count);
  const isMember = chain !== undefined && chainTouches(chain, cluster, picture);
  const color = theme.lane[lane.kind];
  context.globalAlpha = chain && !isMember ? fadedAlpha : 1;
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, 3);
  context.fillStyle = color;
  context.fill();
  if (isMember || hovered === cluster) {
    context.strokeStyle = theme.text;
    context.lineWidth = 1.5;
    context.stroke();
  }
  const text = shortNumber(count);
  context.font = theme.smallFont;
  if (widthOf(context, text) <= width - 2) {
    context.fillStyle = theme.onMark;
    context.textAlign = "center";
    context.fillText(text, x, y + 0.5);
    context.textAlign = "start";
  }
  if (alarms > 0)
    drawGlyph(context, alarmGlyph, x, y - height / 2 - 5, 4.5, theme.alarm, theme.background);
  context.globalAlpha = 1;
}

const alarmGlyph: Glyph = { path: "M0 -1L1.1 .9H-1.1ZM0 -.3V.25", isFilled: false };

function clusterHeight(lane: Lane, count: number): number {
  const full = marksHeight(lane) - 2;
  return Math.min(full, 13 + Math.log2(count) * (full / 14));
}

function chainTouches(chain: Chain, cluster: PlacedCluster, { index }: Picture): boolean {
  for (const event of [...chain.causes, ...chain.effects])
    if (!index.pullWith(event.id) && holds(cluster, event)) return true;
  for (let i = cluster.from; i < Math.min(cluster.to, cluster.from + 200); i++)
    if (cluster.track.at(i)?.id === chain.selected) return true;
  return false;
}

function drawMark(context: CanvasRenderingContext2D, mark: PlacedMark, picture: Picture): void {
  const { event, x, y, lane, room } = mark;
  const { theme, chain, hovered, layout } = picture;
  const isSelected = chain?.selected === event.id;
  context.globalAlpha = isFaded(chain, event) ? fadedAlpha : 1;
  const color = isAlarm(event) ? theme.alarm : theme.lane[lane.kind];
  if (isSelected || hovered === mark) {
    context.beginPath();
    context.arc(x, y, markRadius + 3.5, 0, 2 * Math.PI);
    context.strokeStyle = isSelected ? theme.text : theme.muted;
    context.lineWidth = isSelected ? 2 : 1;
    context.stroke();
  }
  drawGlyph(context, glyphOf(event), x, y, markRadius - 0.5, color, theme.background);
  if (isFaded(chain, event)) return;
  const start = x + markRadius + 4;
  const end = Math.min(x + room, layout.scale.width);
  drawLabel(context, picture.label(event), start, y, end - start, theme, chain !== undefined);
}

const paths = new Map<string, Path2D>();

function drawGlyph(
  context: CanvasRenderingContext2D,
  { path, isFilled }: Glyph,
  x: number,
  y: number,
  radius: number,
  color: string,
  ground: string,
): void {
  const shape = paths.get(path) ?? new Path2D(path);
  paths.set(path, shape);
  context.save();
  context.translate(x, y);
  context.scale(radius, radius);
  context.lineWidth = 1.7 / radius;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.strokeStyle = color;
  context.fillStyle = isFilled ? color : ground;
  if (isFilled || path.endsWith("Z")) context.fill(shape);
  context.stroke(shape);
  context.restore();
}

function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
  theme: Theme,
  isInFront = false,
): void {
  if (room < minLabelWidth) return;
  context.font = theme.smallFont;
  const fitted = shortened(context, text, Math.min(room - 4, maxLabelWidth));
  if (isInFront) {
    context.globalAlpha = 0.8;
    context.fillStyle = theme.background;
    context.fillRect(x - 2, y - 6, context.measureText(fitted).width + 4, 12);
  }
  context.globalAlpha = 1;
  context.fillStyle = isInFront ? theme.text : theme.muted;
  context.fillText(fitted, x, y + 0.5);
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  const perCharacter = widthOf(context, text) / Math.max(text.length, 1);
  if (perCharacter * text.length <= room) return text;
  const kept = Math.floor(room / perCharacter) - 1;
  return kept < 3 ? "" : `${text.slice(0, kept)}…`;
}

/** Widths of texts in the last font: measuring costs more than painting. */
const widths = new Map<string, number>();
let measuredFont = "";

function widthOf(context: CanvasRenderingContext2D, text: string): number {
  if (measuredFont !== context.font || widths.size > 5_000) {
    measuredFont = context.font;
    widths.clear();
  }
  const known = widths.get(text);
  if (known !== undefined) return known;
  const { width } = context.measureText(text);
  widths.set(text, width);
  return width;
}

/** Curves from each cause to its effect, with a head at the effect. What led here is solid. */
function drawLinks(context: CanvasRenderingContext2D, picture: Picture): void {
  const { chain, layout, theme, index } = picture;
  if (!chain) return;
  const place = placer(layout, index);
  context.strokeStyle = theme.text;
  context.fillStyle = theme.text;
  const causes = new Set(chain.causes.map(({ id }) => id));
  for (const { from, to } of chain.links) {
    const pull = index.pullWith(from.id);
    if (pull && pull === index.pullWith(to.id)) continue;
    const [start, end] = [place(from), place(to)];
    if (!start || !end || isOutside(start, end, layout)) continue;
    const isBackwards = causes.has(from.id);
    context.globalAlpha = isBackwards ? 1 : 0.7;
    context.lineWidth = isBackwards ? 1.6 : 1.1;
    context.setLineDash(isBackwards ? [] : [4, 3]);
    drawArrow(context, start, end);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function isOutside(a: Placed, b: Placed, { scale }: Layout): boolean {
  return (a.x < 0 && b.x < 0) || (a.x > scale.width && b.x > scale.width);
}

const steepWidth = 26;

/** An S from right edge to left edge; between marks one above the other, a bow on their left. */
function drawArrow(context: CanvasRenderingContext2D, from: Anchor, to: Anchor): void {
  const isSteep = to.x - from.x < steepWidth;
  const startX = isSteep ? from.x - from.reach : from.x + from.reach;
  const endX = to.x - to.reach;
  if (Math.hypot(endX - startX, to.y - from.y) < 4) return;
  const height = Math.abs(to.y - from.y);
  const bend = isSteep ? 14 + Math.min(height * 0.12, 22) : Math.max((endX - startX) / 2, 12);
  const x1 = isSteep ? Math.min(startX, endX) - bend : startX + bend;
  const x2 = isSteep ? Math.min(startX, endX) - bend : endX - bend;
  context.beginPath();
  context.moveTo(startX, from.y);
  context.bezierCurveTo(x1, from.y, x2, to.y, endX - headLength, to.y);
  context.stroke();
  context.beginPath();
  context.moveTo(endX, to.y);
  context.lineTo(endX - headLength, to.y - 3.5);
  context.lineTo(endX - headLength, to.y + 3.5);
  context.fill();
}

const headLength = 6;

function drawCursor(context: CanvasRenderingContext2D, picture: Picture): void {
  const { cursor, isKeyboardIn, layout, index, theme } = picture;
  if (!cursor || !isKeyboardIn) return;
  const place = placer(layout, index)(cursor);
  if (!place) return;
  context.strokeStyle = theme.focus;
  context.lineWidth = 2;
  context.setLineDash([3, 2]);
  const size = isHeartbeat(cursor) ? pullRowHeight : 2 * markRadius + 9;
  context.strokeRect(place.x - size / 2, place.y - size / 2, size, size);
  context.setLineDash([]);
}

function isFaded(chain: Chain | undefined, event: TraceEvent): boolean {
  return chain !== undefined && !chain.members.has(event.id);
}

/** 950, 1.2k, 34k */
function shortNumber(count: number): string {
  if (count < 1_000) return String(count);
  return count < 10_000 ? `${(count / 1_000).toFixed(1)}k` : `${Math.round(count / 1_000)}k`;
}
