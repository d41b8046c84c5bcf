/** Web Locks for several pretended tabs. A killed tab lets go of its locks, as a browser does. */
export class SharedLocks {
  private readonly queue: { tab: string; grant: () => void }[] = [];
  private holder: string | null = null;

  forTab(tab: string): Pick<LockManager, "request"> {
    const request = async (_name: string, callback: (lock: null) => unknown): Promise<unknown> => {
      await new Promise<void>((resolve) => {
        this.queue.push({ tab, grant: resolve });
        this.next();
      });
      try {
        return await callback(null);
      } finally {
        if (this.holder === tab) this.release();
      }
    };
    return { request: request as LockManager["request"] };
  }

  kill(tab: string): void {
    for (let i = this.queue.length - 1; i >= 0; i--) if (this.queue[i]?.tab === tab) this.queue.splice(i, 1);
    if (this.holder === tab) this.release();
  }

  private release(): void {
    this.holder = null;
    this.next();
  }

  private next(): void {
    if (this.holder !== null) return;
    const first = this.queue.shift();
    if (first === undefined) return;
    this.holder = first.tab;
    first.grant();
  }
}
