/** A value that tells when it changes. */
export class Store<S extends object> {
  private listeners = new Set<() => void>();

  constructor(private current: S) {}

  get = (): S => this.current;

  set(change: Partial<S>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
