import { describe, expect, it } from 'vitest';
import { order } from '../../testing/small-index.ts';

/** Three pages of one language, and a question to each in other forms of its words. */
interface Shelf {
  language: string;
  pages: [string, string, string];
  questions: [string, string, string];
}

const shelves: Shelf[] = [
  {
    language: 'hi',
    pages: ['पैसे वापस करने की नीति।', 'किताबों की सूची देखें।', 'भुगतान कार्ड से होता है।'],
    questions: ['पैसा कैसे वापस मिलेगा?', 'कौन सी किताब है?', 'भुगतानों के तरीके क्या हैं?'],
  },
  {
    language: 'el',
    pages: ['Οι επιστροφές είναι δωρεάν.', 'Η παράδοση διαρκεί τρεις ημέρες.', 'Πληρωμή με κάρτα.'],
    questions: ['Πώς κάνω μια επιστροφή;', 'Πότε γίνονται οι παραδόσεις;', 'Ποιες πληρωμές δέχεστε;'],
  },
  {
    language: 'vi',
    pages: ['Chính sách hoàn tiền của cửa hàng.', 'Giao hàng trong ba ngày.', 'Thanh toán bằng thẻ.'],
    questions: ['Tôi được hoàn tiền như thế nào?', 'Khi nào giao hàng?', 'Có thể thanh toán ra sao?'],
  },
  {
    language: 'th',
    pages: ['นโยบายการคืนเงินของร้าน', 'จัดส่งภายในสามวัน', 'ชำระเงินด้วยบัตร'],
    questions: ['คืนเงินได้อย่างไร', 'จัดส่งเมื่อไหร่', 'ชำระเงินอย่างไร'],
  },
  {
    language: 'ro',
    pages: ['Returnările sunt gratuite.', 'Livrarea durează trei zile.', 'Comenzile se achită cu cardul.'],
    questions: ['Cum fac o returnare?', 'Cât durează livrările?', 'Pot achita comenzi cu carduri?'],
  },
  {
    language: 'zh',
    pages: ['退货政策：三十天内可以退货。', '配送需要三天。', '可以用信用卡付款。'],
    questions: ['怎么退货？', '配送要多少天？', '如何付款？'],
  },
  {
    language: 'ja',
    pages: ['返品は三十日以内に受け付けます。', '配送には三日かかります。', 'お支払いはカードで行えます。'],
    questions: ['返品できますか？', '配送はいつですか？', '支払い方法は何ですか？'],
  },
  {
    language: 'ko',
    pages: ['환불은 삼십 일 안에 가능합니다.', '배송에는 사흘이 걸립니다.', '결제는 카드로 합니다.'],
    questions: ['환불을 어떻게 받나요?', '배송이 언제 오나요?', '무엇으로 결제하나요?'],
  },
  {
    language: 'uk',
    pages: ['Повернення коштів за тридцять днів.', 'Доставка триває три дні.', 'Оплата карткою.'],
    questions: ['Як отримати повернені кошти?', 'Коли буде доставлено?', 'Чим можна оплатити?'],
  },
  {
    language: 'fi',
    pages: ['Palautukset ovat ilmaisia.', 'Toimitus kestää kolme päivää.', 'Maksut hoidetaan kortilla.'],
    questions: ['Miten teen palautuksen?', 'Milloin toimitus tapahtuu?', 'Miten maksan?'],
  },
];

describe.each(shelves)('in $language', ({ language, pages, questions }) => {
  const shelf = pages.map((text) => ({ texts: [text], language }));

  it.each(questions.map((question, index) => [question, index + 1] as const))('%s', (question, expected) => {
    expect(order(shelf, question, { languages: [language] })[0]).toBe(expected);
  });
});

describe('a language that nobody knows', () => {
  it('is found by whole words and by parts of them', () => {
    const pages = [
      { texts: ['Tiketsone bora kelandi.'], language: null },
      { texts: ['Mira sondu.'], language: null },
    ];
    expect(order(pages, 'kelandisto', { languages: [null] })[0]).toBe(1);
    expect(order(pages, 'sondu', { languages: [null] })[0]).toBe(2);
  });
});

describe('compounds of a question', () => {
  const fillers = [
    'Die Frist ist kurz.',
    'Eine Frist gilt.',
    'Die Rückgabe ist frei.',
    'Eine Rückgabe per Post.',
  ];
  const pages = [
    ...fillers,
    'Für die Rückgabe gilt eine Frist von dreißig Tagen.',
    'Der Rückruf kommt bald.',
  ].map((text) => ({ texts: [text], language: 'de' }));

  it('are found as the words that they are made of, where the pages hold both', () => {
    expect(order(pages, 'Rückgabefrist?', { languages: ['de'] })[0]).toBe(5);
  });

  it('stay whole where a part is no word of the pages', () => {
    const apart = [
      { texts: ['Die Frist endet.'], language: 'de' },
      { texts: ['Rückgabefrist'], language: 'de' },
    ];
    expect(order(apart, 'Rückgabefrist', { languages: ['de'] })[0]).toBe(2);
  });
});
