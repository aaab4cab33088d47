// The four sounds of the door as data, and a player for them over WebAudio (UX section 2).

/** A sound. `go_first` and `go_second` are the halves of `go` when somebody decides in between. */
export type Sound = "go" | "go_first" | "go_second" | "ask" | "stop" | "fault";

/** A note, times in ms from the sound's start. */
export interface Note {
  at: number;
  length: number;
  hz: number;
}

/** A sound's notes and colour. */
export interface Pattern {
  wave: OscillatorType;
  /** Loudness as a factor of full scale. */
  gain: number;
  /** Corner of the low-pass in Hz; none: unfiltered. */
  lowPassHz?: number;
  notes: Note[];
}

/** −6 dBFS. */
const LOUD = 10 ** (-6 / 20);
/** 3 dB more. */
const LOUDER = 10 ** (-3 / 20);
const ATTACK_S = 0.005;
const RELEASE_S = 0.025;
const CUT_S = 0.01;

function alternating(a: number, b: number, times: number, length: number): Note[] {
  return Array.from({ length: times }, (_, at) => ({ at: at * length, length, hz: at % 2 ? b : a }));
}

const FIRST: Note = { at: 0, length: 70, hz: 784 };
const SECOND: Note = { at: 70, length: 110, hz: 1175 };

/** Every sound. */
export const PATTERNS: Record<Sound, Pattern> = {
  go: { wave: "sine", gain: LOUD, notes: [FIRST, SECOND] },
  go_first: { wave: "sine", gain: LOUD, notes: [FIRST] },
  go_second: { wave: "sine", gain: LOUD, notes: [{ ...SECOND, at: 0 }] },
  ask: { wave: "triangle", gain: LOUD, notes: [0, 110, 220].map((at) => ({ at, length: 55, hz: 880 })) },
  stop: {
    wave: "square",
    gain: LOUDER,
    lowPassHz: 2500,
    notes: [
      { at: 0, length: 120, hz: 587 },
      { at: 120, length: 260, hz: 440 },
    ],
  },
  fault: { wave: "triangle", gain: LOUD, notes: alternating(1047, 740, 4, 90) },
};

/** Puts a pattern on an audio context (a live or an offline one) and gives back its own loudness knob. */
export function schedule(context: BaseAudioContext, pattern: Pattern, start: number, volume: number): GainNode {
  const out = context.createGain();
  out.gain.value = volume;
  let target: AudioNode = out;
  if (pattern.lowPassHz !== undefined) {
    const filter = context.createBiquadFilter();
    filter.type = "lowpass";
    filter.frequency.value = pattern.lowPassHz;
    filter.connect(out);
    target = filter;
  }
  for (const note of pattern.notes) {
    const from = start + note.at / 1000;
    const to = from + note.length / 1000;
    const voice = context.createOscillator();
    const shape = context.createGain();
    voice.type = pattern.wave;
    voice.frequency.value = note.hz;
    shape.gain.setValueAtTime(0, from);
    shape.gain.linearRampToValueAtTime(pattern.gain, from + ATTACK_S);
    shape.gain.setValueAtTime(pattern.gain, Math.max(from + ATTACK_S, to - RELEASE_S));
    shape.gain.linearRampToValueAtTime(0, to);
    voice.connect(shape).connect(target);
    voice.start(from);
    voice.stop(to);
  }
  out.connect(context.destination);
  return out;
}

/** Plays sounds, the next one cutting the last. Silent where the computer has no audio. */
export class Speaker {
  #context: AudioContext | null = null;
  #last: GainNode | null = null;

  /** Opens the audio device ahead of the first sound; safe to call often. */
  wake(): void {
    try {
      this.#context ??= new AudioContext({ latencyHint: "interactive" });
      if (this.#context.state === "suspended") void this.#context.resume().catch(() => undefined);
    } catch {
      this.#context = null;
    }
  }

  /** Plays at a volume from 0 to 1. */
  play(sound: Sound, volume: number): void {
    this.wake();
    const context = this.#context;
    if (!context) return;
    const now = context.currentTime;
    if (this.#last) {
      this.#last.gain.setValueAtTime(this.#last.gain.value, now);
      this.#last.gain.linearRampToValueAtTime(0, now + CUT_S);
    }
    this.#last = schedule(context, PATTERNS[sound], now, volume);
  }
}
