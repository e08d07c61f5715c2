import { squeeze, type Extracted } from './types.ts';

/** More words than this are a page, whatever else stands on it. */
const maxWallWords = 150;
/** An error notice is shorter still: an article about errors says what to do. */
const maxErrorWords = 60;

const challengeMarks =
  /just a moment|attention required|checking (?:if the site connection|your browser)|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|enable javascript and cookies to continue|pardon our interruption|ddos protection by|unusual traffic|access to this page has been denied|complete the security check|captcha/i;

/** Statuses that a server names on the page, with what it calls them (RFC 9110, 15.5 and 15.6). */
const statusNotice =
  /^(?:error\W*)?(?:404|410|500|502|503|504)\b(?:\W*(?:error|page|not found|gone|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out))*\W*$/i;

/** What pages that are not there call themselves, in the languages of the interface. */
const missingNotice =
  /^(?:(?:oops|sorry|error)\W+)?(?:(?:the |this )?page (?:(?:was|could|can) ?not (?:be )?found|(?:you requested )?(?:does not|doesn't|doesn’t) exist|not found|no longer exists)|not found|(?:internal )?server error|service (?:temporarily )?unavailable|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|p[áa]gina no encontrada|pagina non trovata|página não encontrada|(?:pagina|sidan|siden) (?:niet gevonden|hittades inte|kunde inte hittas|(?:ble |blev )?ikke fun[nd]et)|sivua ei löydy|nie znaleziono strony|strona nie (?:została )?znaleziona|страница не найдена|сторінку не знайдено|sayfa bulunamadı|ページが見つかりません|(?:页面|頁面)(?:未找到|不存在)|페이지를 찾을 수 없습니다)\W*$/iu;

/** The part of a title that is not the site's name. */
const ownPart = (title: string): string => squeeze(title.split(/\s+[|·–—:-]\s+/)[0] ?? '');

const isNotice = (text: string): boolean => statusNotice.test(text) || missingNotice.test(text);

/** What a page has that tells whether it stands in front of the content instead of it. */
interface Front {
  title: string | null;
  headings: readonly string[];
  text: string;
  words: number;
  hasPasswordField: boolean;
}

/** A bot check, a login form or an error notice that came instead of the page; null for a page. */
export function wallOf({ title, headings, text, words, hasPasswordField }: Front): Extracted['wall'] {
  if (words > maxWallWords) return null;
  if (challengeMarks.test(`${title ?? ''}\n${text}`)) return 'challenge';
  if (hasPasswordField) return 'login';
  const names = [ownPart(title ?? ''), ...headings.map(squeeze)];
  return words <= maxErrorWords && names.some(isNotice) ? 'error' : null;
}
