import type { AlertOutlets } from '../state/alerts.svelte.ts';

/** Two soft tones: rising for a visitor who waits, a single one for a message. */
const tones = { waiting: [660, 880], message: [740] } as const;

const createSound = (): AlertOutlets['playSound'] => {
  let context: AudioContext | null = null;
  return (kind) => {
    context ??= new AudioContext();
    // Before the first click on the page browsers hold sound back; then this stays silent.
    if (context.state === 'suspended') void context.resume();
    const start = context.currentTime + 0.02;
    for (const [index, frequency] of tones[kind].entries()) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = start + index * 0.16;
      tone.type = 'sine';
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.34);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.36);
    }
  };
};

/** `AlertOutlets` of a real browser. */
export const createBrowserAlerts = (): AlertOutlets => ({
  storage: localStorage,
  isWatching: () => document.visibilityState === 'visible' && document.hasFocus(),
  playSound: createSound(),
  permission: () => ('Notification' in globalThis ? Notification.permission : 'unsupported'),
  requestPermission: async () => ('Notification' in globalThis ? Notification.requestPermission() : 'denied'),
  showNotification: (title, body, onOpen) => {
    const notification = new Notification(title, { body, tag: `${title}-${body}` });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onOpen();
    };
  },
});
