export interface LauncherTexts {
  open: string;
  close: string;
  window: string;
  /** Said after `open` when messages wait. */
  unread: (count: number) => string;
}

const texts: Readonly<Record<string, LauncherTexts>> = {
  en: { open: 'Open chat', close: 'Close chat', window: 'Chat', unread: (n) => `${n} unread` },
  de: { open: 'Chat öffnen', close: 'Chat schließen', window: 'Chat', unread: (n) => `${n} ungelesen` },
  fr: {
    open: 'Ouvrir la discussion',
    close: 'Fermer la discussion',
    window: 'Discussion',
    unread: (n) => `${n} non lus`,
  },
  ar: {
    open: 'فتح المحادثة',
    close: 'إغلاق المحادثة',
    window: 'محادثة',
    unread: (n) => `غير مقروءة: ${n}`,
  },
  es: { open: 'Abrir el chat', close: 'Cerrar el chat', window: 'Chat', unread: (n) => `${n} sin leer` },
};

/** The launcher's words in a BCP 47 language, English where it is not there. */
export function launcherTexts(language: string): LauncherTexts {
  const english: LauncherTexts = texts['en'] ?? { open: '', close: '', window: '', unread: String };
  return texts[language.slice(0, 2).toLowerCase()] ?? english;
}
