import { GenericContainer } from 'testcontainers'

/** Testcontainers publishes ports on every interface of the machine; a test's server is nobody else's business. */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const bindings = Object.entries(
      this.hostConfig.PortBindings as Record<string, readonly { HostPort: string }[]>,
    )
    this.hostConfig.PortBindings = Object.fromEntries(
      bindings.map(([name, ports]) => [
        name,
        ports.map((port) => ({ ...port, HostIp: '127.0.0.1' })),
      ]),
    )
  }
}
