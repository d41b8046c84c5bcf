/** A short sound for a new page: two tones made by the browser itself, which a person can switch off. */
const KEY = "desk-sound";
const TONES_HZ = [880, 660];
const TONE_S = 0.18;

export class Bell {
  private context: AudioContext | null = null;

  constructor(private readonly kept: Storage | undefined = typeof localStorage === "undefined" ? undefined : localStorage) {}

  get isOn(): boolean {
    return this.kept?.getItem(KEY) !== "off";
  }

  switch(on: boolean): void {
    this.kept?.setItem(KEY, on ? "on" : "off");
  }

  /** Browsers let a page sound only after somebody touched it: called at the first touch. */
  wake(): void {
    if (typeof AudioContext === "undefined") return;
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") void this.context.resume();
  }

  ring(): void {
    const { context } = this;
    if (!this.isOn || context?.state !== "running") return;
    TONES_HZ.forEach((hz, i) => {
      const start = context.currentTime + i * TONE_S;
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = hz;
      loudness.gain.setValueAtTime(0.0001, start);
      loudness.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + TONE_S);
      tone.connect(loudness).connect(context.destination);
      tone.start(start);
      tone.stop(start + TONE_S);
    });
  }
}

export const bell = new Bell();
