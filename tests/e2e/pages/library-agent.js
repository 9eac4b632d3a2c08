// The other side of a page's call: hears when somebody has spoken, and answers with a recording.

/** @param {MediaStream} heard the caller's voice @param {AudioContext} context
 *  @param {AudioBuffer} clip what is answered @param {AudioNode} to where the answer goes */
function answerAfter(heard, context, clip, to) {
  // Chromium plays a remote track into Web Audio only while an element has it, too.
  const held = new Audio();
  held.muted = true;
  held.srcObject = heard;
  const meter = context.createAnalyser();
  context.createMediaStreamSource(heard).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  let voicedAt = 0;
  const listening = setInterval(() => {
    meter.getFloatTimeDomainData(samples);
    const now = context.currentTime;
    if (samples.some((sample) => Math.abs(sample) > 0.05)) voicedAt = now;
    if (voicedAt === 0 || now - voicedAt < 0.8) return;
    clearInterval(listening);
    const source = new AudioBufferSourceNode(context, { buffer: clip });
    source.connect(to);
    source.start();
  }, 20);
}

/** The agent's own stream, silent until it answers what it hears. */
export async function makeAgent() {
  const context = new AudioContext();
  const bytes = await (await fetch("/answer.wav")).arrayBuffer();
  const clip = await context.decodeAudioData(bytes);
  const to = context.createMediaStreamDestination();
  return { stream: to.stream, hear: (heard) => answerAfter(heard, context, clip, to) };
}

/** Plays what came back. */
export function play(stream) {
  document.querySelector("audio").srcObject = stream;
}
