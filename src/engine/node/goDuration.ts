// Durations as Go prints them: "1.2s", "350ms", "1m20s". Source: time.Duration.String.
import { hour, type Millis, minute, second } from "../../base/time.ts";

export function goDuration(span: Millis): string {
  if (span === 0) return "0s";
  if (span < second) return `${span}ms`;
  const hours = Math.floor(span / hour);
  const minutes = Math.floor((span % hour) / minute);
  const seconds = `${(span % minute) / second}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
