// What an AudioWorkletGlobalScope has and TypeScript's DOM library does not know.
// Source: W3C webaudio, section 1.32.

declare const currentFrame: number;
declare const sampleRate: number;

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

declare function registerProcessor(name: string, processor: new (options: any) => AudioWorkletProcessor): void;
