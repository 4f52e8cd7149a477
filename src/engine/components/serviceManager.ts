// systemd of the control plane's machine, as far as components are concerned: it starts those that are
// wanted, and starts them again when they fail. Source: systemd.service: Restart=on-failure, RestartSec=5.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { Disposable } from "../../base/disposable.ts";
import { type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { Components, Supervisor } from "./supervisor.ts";

const restartMs: Millis = 5 * second;

export class ServiceManager implements Supervisor {
  private readonly restarts = new Map<ComponentName, Disposable>();

  constructor(
    private readonly clock: Clock,
    private readonly components: Components,
  ) {}

  begin(name: ComponentName, isWanted: boolean): void {
    this.setWanted(name, isWanted);
  }

  setWanted(name: ComponentName, isWanted: boolean): void {
    this.restarts.get(name)?.dispose();
    this.restarts.delete(name);
    const component = this.components[name];
    if (isWanted) component.start((code) => this.failed(name, code));
    else component.stop();
  }

  private failed(name: ComponentName, code: number): void {
    const { log } = this.components[name];
    const unit = `${name}.service`;
    log.write(`systemd[1]: ${unit}: Main process exited, code=exited, status=${code}/FAILURE`);
    log.write(`systemd[1]: ${unit}: Failed with result 'exit-code'.`);
    const restart = this.clock.after(restartMs, `systemd starts ${name} again`, () =>
      this.setWanted(name, true),
    );
    this.restarts.set(name, restart);
  }
}
