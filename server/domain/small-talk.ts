import { normalizeText } from './analysis/tokenize.ts';

/** Politeness that needs no search. */
export type SmallTalk = 'greeting' | 'thanks' | 'goodbye';

type Wordings = Readonly<Record<SmallTalk, string>>;

/** Whole messages, with commas between; a language's own, so that they also tell the language. */
const wordingsByLanguage: Readonly<Record<string, Wordings>> = {
  en: {
    greeting: 'hi,hello,hey,hi there,hello there,good morning,good afternoon,good evening',
    thanks: 'thanks,thank you,thank you very much,thanks a lot,many thanks,thx,cheers',
    goodbye: 'bye,goodbye,bye bye,see you,see you later,have a nice day',
  },
  de: {
    greeting: 'hallo,guten tag,guten morgen,guten abend,moin,servus,grüß gott,grüezi',
    thanks: 'danke,danke schön,dankeschön,vielen dank,danke sehr,besten dank,herzlichen dank',
    goodbye: 'tschüss,tschüs,auf wiedersehen,bis bald,schönen tag noch',
  },
  fr: {
    greeting: 'bonjour,bonsoir,salut,coucou',
    thanks: 'merci,merci beaucoup,merci bien,un grand merci',
    goodbye: 'au revoir,à bientôt,bonne journée,adieu',
  },
  es: {
    greeting: 'hola,buenos días,buenas tardes,buenas noches,buenas',
    thanks: 'gracias,muchas gracias,mil gracias',
    goodbye: 'adiós,adios,hasta luego,hasta pronto,chau',
  },
  it: {
    greeting: 'buongiorno,buonasera,salve,buon pomeriggio',
    thanks: 'grazie,grazie mille,molte grazie,mille grazie',
    goodbye: 'arrivederci,a presto,buona giornata',
  },
  pt: {
    greeting: 'olá,bom dia,boa tarde,boa noite,oi',
    thanks: 'obrigado,obrigada,muito obrigado,muito obrigada',
    goodbye: 'adeus,até logo,tchau,até breve',
  },
  nl: {
    greeting: 'hoi,goedendag,goedemorgen,goedemiddag,goedenavond',
    thanks: 'bedankt,dank je,dank je wel,dank u,dank u wel,hartelijk dank',
    goodbye: 'tot ziens,doei,tot later,fijne dag',
  },
  pl: {
    greeting: 'cześć,dzień dobry,dobry wieczór,witam,hej',
    thanks: 'dziękuję,dzięki,dziękuję bardzo,bardzo dziękuję,wielkie dzięki',
    goodbye: 'do widzenia,pa,na razie,do zobaczenia,miłego dnia',
  },
  ru: {
    greeting: 'привет,здравствуйте,добрый день,доброе утро,добрый вечер,здравствуй',
    thanks: 'спасибо,большое спасибо,спасибо большое,благодарю',
    goodbye: 'до свидания,пока,всего доброго,до встречи,хорошего дня',
  },
  uk: {
    greeting: 'привіт,вітаю,добрий день,доброго дня,доброго ранку,добрий вечір',
    thanks: 'дякую,щиро дякую,дуже дякую',
    goodbye: 'до побачення,бувайте,на все добре,гарного дня',
  },
  tr: {
    greeting: 'merhaba,selam,günaydın,iyi günler,iyi akşamlar',
    thanks: 'teşekkürler,teşekkür ederim,çok teşekkürler,çok teşekkür ederim,sağ olun',
    goodbye: 'hoşça kalın,hoşçakalın,görüşürüz,güle güle,iyi geceler',
  },
  sv: {
    greeting: 'hejsan,god morgon,god dag,god kväll,hallå',
    thanks: 'tack,tack så mycket,stort tack',
    goodbye: 'hej då,adjö,vi ses,ha en bra dag',
  },
  ar: {
    greeting: 'مرحبا,السلام عليكم,أهلا,أهلا وسهلا,صباح الخير,مساء الخير',
    thanks: 'شكرا,شكرا جزيلا,شكرا لك,شكرًا',
    goodbye: 'مع السلامة,إلى اللقاء,وداعا',
  },
  zh: {
    greeting: '你好,您好,早上好,下午好,晚上好,你好吗',
    thanks: '谢谢,谢谢你,谢谢您,多谢,非常感谢,感谢',
    goodbye: '再见,拜拜,回头见',
  },
  ja: {
    greeting: 'こんにちは,おはようございます,こんばんは,はじめまして,おはよう',
    thanks: 'ありがとう,ありがとうございます,ありがとうございました,どうもありがとう,どうも',
    goodbye: 'さようなら,失礼します,ではまた,またね,失礼いたします',
  },
  ko: {
    greeting: '안녕하세요,안녕,안녕하십니까,반갑습니다',
    thanks: '감사합니다,고맙습니다,고마워요,감사해요',
    goodbye: '안녕히 계세요,안녕히 가세요,잘 있어요,수고하세요',
  },
};

const known: ReadonlyMap<string, { intent: SmallTalk; language: string }> = new Map(
  Object.entries(wordingsByLanguage).flatMap(([language, { greeting, thanks, goodbye }]) =>
    Object.entries({ greeting, thanks, goodbye }).flatMap(([name, wordings]) =>
      wordings.split(',').map((wording) => [plain(wording), { intent: toIntent(name), language }] as const),
    ),
  ),
);

function toIntent(name: string): SmallTalk {
  return name === 'greeting' || name === 'thanks' ? name : 'goodbye';
}

/** Lower case, without punctuation, one space between words. */
function plain(message: string): string {
  return normalizeText(message)
    .replaceAll(/[^\p{L}\p{M}\p{N}\s]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** What a message that is nothing but a polite phrase means, and the language it is of; null for all others. */
export function readSmallTalk(message: string): { intent: SmallTalk; language: string } | null {
  return known.get(plain(message)) ?? null;
}
