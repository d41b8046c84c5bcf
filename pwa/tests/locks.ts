interface Queue {
  waiting: { tab: string; grant: () => void }[];
  holder: string | null;
}

/** Web Locks for several pretended tabs. A killed tab lets go of its locks, as a browser does. */
export class SharedLocks {
  private readonly queues = new Map<string, Queue>();

  forTab(tab: string): Pick<LockManager, "request"> {
    const request = async (name: string, callback: (lock: null) => unknown): Promise<unknown> => {
      const queue = this.queues.get(name) ?? { waiting: [], holder: null };
      this.queues.set(name, queue);
      await new Promise<void>((resolve) => {
        queue.waiting.push({ tab, grant: resolve });
        this.next(queue);
      });
      try {
        return await callback(null);
      } finally {
        if (queue.holder === tab) this.release(queue);
      }
    };
    return { request: request as LockManager["request"] };
  }

  kill(tab: string): void {
    for (const queue of this.queues.values()) {
      queue.waiting = queue.waiting.filter((w) => w.tab !== tab);
      if (queue.holder === tab) this.release(queue);
    }
  }

  private release(queue: Queue): void {
    queue.holder = null;
    this.next(queue);
  }

  private next(queue: Queue): void {
    if (queue.holder !== null) return;
    const first = queue.waiting.shift();
    if (first === undefined) return;
    queue.holder = first.tab;
    first.grant();
  }
}
