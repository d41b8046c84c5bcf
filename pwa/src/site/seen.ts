/** Tells the server which alerts stand on a visible screen, a few at a time and each once. */
export class SeenQueue {
  private waiting = new Set<string>();
  private told = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly send: (ids: string[]) => Promise<unknown>, private readonly delayMs = 800) {}

  add(id: string): void {
    if (this.told.has(id)) return;
    this.waiting.add(id);
    this.timer ??= setTimeout(() => void this.flush(), this.delayMs);
  }

  /** Out of sight again before it was told. */
  drop(id: string): void {
    this.waiting.delete(id);
  }

  private async flush(): Promise<void> {
    this.timer = null;
    const ids = [...this.waiting];
    this.waiting.clear();
    if (ids.length === 0) return;
    for (const id of ids) this.told.add(id);
    try {
      await this.send(ids);
    } catch {
      // Not told: the next time it comes into sight it is tried again.
      for (const id of ids) this.told.delete(id);
    }
  }
}
