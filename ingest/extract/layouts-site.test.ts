import { describe, expect, it } from 'vitest';
import { extractHtml } from './html.ts';

/** Layouts of ordinary websites, as page builders, shops, offices and newspapers make them. */
interface Layout {
  name: string;
  html: string;
  keeps: readonly string[];
  drops: readonly string[];
}

const whole = (body: string, lang = 'en') =>
  `<!doctype html><html lang="${lang}"><head><title>Site</title></head><body>${body}</body></html>`;
const widget = (kind: string, inner: string) =>
  `<div class="elementor-element elementor-widget elementor-widget-${kind}" data-element_type="widget"><div class="elementor-widget-container">${inner}</div></div>`;

const layouts: Layout[] = [
  {
    name: 'a page builder that calls every part a widget',
    html: whole(`<header data-elementor-type="header" class="elementor elementor-location-header">${widget('nav-menu', '<nav class="elementor-nav-menu--main"><ul><li><a href="/">Homelink</a></li></ul></nav>')}</header>
      <div data-elementor-type="wp-page" class="elementor"><section class="elementor-section elementor-top-section"><div class="elementor-container">
      ${widget('heading', '<h1 class="elementor-heading-title">Bicycle repair</h1>')}${widget('text-editor', '<p>We mend all bicycles, also electric ones, and most repairs are done the same day.</p>')}
      ${widget('icon-box', '<h3>Opening hours</h3><p>Monday to Friday from nine to six.</p>')}${widget('toggle', '<div class="elementor-toggle-item"><div class="elementor-tab-title" role="button" aria-expanded="false"><a>What does a check cost?</a></div><div class="elementor-tab-content" style="display:none"><p>A check costs thirty, which is taken off the repair.</p></div></div>')}
      ${widget('text-editor', '<p>Bring the bicycle without an appointment; we write down what it needs while you wait.</p>')}</div></section></div>
      <footer class="elementor elementor-location-footer">${widget('text-editor', '<p>Footerwords 2026</p>')}</footer>`),
    keeps: [
      'Bicycle repair',
      'same day',
      'Opening hours',
      'nine to six',
      'What does a check cost?',
      'taken off the repair',
      'without an appointment',
    ],
    drops: ['Homelink', 'Footerwords'],
  },
  {
    name: 'utility classes, among them overflow-hidden and hidden on phones only',
    html: whole(`<div class="sticky top-0 hidden md:flex"><a href="/">Toplink</a><a href="/b">Blink</a></div><main class="mx-auto max-w-5xl px-4"><h1 class="text-4xl">Plans and prices</h1>
      <div class="grid gap-8"><div class="rounded-xl border overflow-hidden"><h2>Starter</h2><p>Nine a month, for one site and a thousand visitors.</p></div>
      <div class="rounded-xl border overflow-hidden"><h2>Team</h2><p>Twenty-nine a month, for ten sites and any number of people.</p></div>
      <div class="hidden lg:block"><h2>Company</h2><p>Ask us for an offer from a hundred sites upwards.</p></div></div>
      <p class="sr-only">Readeronly words</p></main><div class="fixed bottom-0 cookie-consent"><p>We use cookieswords to count visits.</p><button>Okay</button></div>`),
    keeps: ['Plans and prices', 'a thousand visitors', 'any number of people', 'from a hundred sites'],
    drops: ['Toplink', 'cookieswords', 'Readeronly'],
  },
  {
    name: 'several sections of which one is much longer than the others',
    html: whole(`<header><nav><a href="/">Homelink</a></nav></header><main><section class="intro"><h1>Town library</h1><div class="text">${'<p>The library lends books, films, games and tools to everybody who lives in the town or works there.</p>'.replace('<p>', '<p>First of all. ').repeat(1)}${Array.from({ length: 12 }, (_, at) => `<p>Rule number ${String(at)} of the house says that every book comes back in time, in one piece, and to the desk where it was lent.</p>`).join('')}</div></section>
      <section class="hours"><h2>Hours</h2><p>Open on Tuesday and Thursday from ten to seven.</p></section><section><h2>Where</h2><p>Mill Lane 4, behind the church.</p></section></main><footer>Footerwords</footer>`),
    keeps: ['Town library', 'lends books', 'number 11', 'Tuesday and Thursday', 'Mill Lane 4'],
    drops: ['Homelink', 'Footerwords'],
  },
  {
    name: 'tables that arrange the page, one in another',
    html: whole(`<table width="100%"><tr><td colspan="2"><a href="/">Oldhome</a> | <a href="/n">Oldnews</a> | <a href="/l">Oldlinks</a></td></tr><tr><td valign="top" width="150"><table><tr><td><a href="/1">Leftlink</a></td></tr><tr><td><a href="/2">Leftother</a></td></tr></table></td>
      <td><h2>Fishing permits</h2><p>You get a permit at the town hall on workdays. Bring your card and a photograph, please.</p><table border="1"><tr><td>Day</td><td>8</td></tr><tr><td>Year</td><td>60</td></tr></table><p>Children under twelve fish for nothing when somebody with a permit is with them.</p></td></tr></table>`),
    keeps: ['Fishing permits', 'at the town hall', '| Year | 60 |', 'Children under twelve'],
    drops: ['Oldhome', 'Leftlink'],
  },
  {
    name: 'a shop: product text, details in a table, cards of other products, reviews form',
    html: whole(`<div class="announcement-bar">Freeshipping today</div><header class="site-header"><nav class="site-nav"><a href="/c">Lampslink</a></nav></header><main id="MainContent"><div class="product"><div class="product__media"><img src="a.jpg" alt="The lamp on a desk"></div>
      <div class="product__info"><h1>Desk lamp Vega</h1><div class="price">49.00</div><div class="product__description rte"><p>A small lamp with a warm light that swings over half the desk.</p><ul><li>Height 40 cm</li><li>LED, 6 W</li></ul></div>
      <table class="specs"><tr><th>Weight</th><td>1.2 kg</td></tr><tr><th>Guarantee</th><td>three years</td></tr></table></div></div>
      <section class="related-products"><h2>You may also like</h2><div class="card"><a href="/p/1"><h3>Otherlamp</h3></a><span>19.00</span></div><div class="card"><a href="/p/2"><h3>Thirdlamp</h3></a></div></section></main>
      <footer><form class="newsletter"><h2>Newsletter</h2><p>Be the first to hearnews.</p><input type="email"></form></footer>`),
    keeps: ['Desk lamp Vega', 'warm light', '- LED, 6 W', '| Guarantee | three years |'],
    drops: ['Lampslink', 'Otherlamp', 'Thirdlamp', 'hearnews'],
  },
  {
    name: 'an office: side menu, contents, alert, contact block, feedback question',
    html: whole(`<a class="skip-link" href="#c">Skiplink</a><div role="region" aria-label="Cookies" class="gov-cookie-banner" id="cookie-banner"><h2>Cookies on this site</h2><p>We would like to set cookiewords.</p></div>
      <header role="banner" class="gov-header"><a href="/">Officehome</a></header><div class="gov-breadcrumbs"><ol><li><a href="/">Crumbhome</a></li></ol></div>
      <main id="c" class="gov-main-wrapper"><div class="gov-grid-row"><div class="two-thirds"><h1>Apply for a parking card</h1><aside role="complementary"><nav aria-label="Contents"><h2>Contents</h2><ol><li><a href="#who">Who tocword</a></li></ol></nav></aside>
      <div class="gov-inset-text">The card costs nothing since January.</div><h2 id="who">Who can apply</h2><p>Everybody who lives in zone two and owns a car may apply for one card.</p>
      <div class="gov-warning-text"><span aria-hidden="true">!</span><strong>You can be fined up to 200 for a false claim.</strong></div>
      <div class="contact"><h3>Contact the parking office</h3><p>Telephone 0000 12345, Monday to Friday, 9am to 5pm.</p></div></div>
      <div class="one-third"><aside class="related" role="complementary"><h2>Related content</h2><nav><ul><li><a href="/o">Relatedoffice</a></li></ul></nav></aside></div></div></main>
      <div class="gov-feedback"><h2>Is this page useful?</h2><button>Yesbutton</button></div><footer role="contentinfo">Crownwords</footer>`),
    keeps: [
      'Apply for a parking card',
      'since January',
      'zone two',
      'fined up to 200',
      'Telephone 0000 12345',
    ],
    drops: [
      'Skiplink',
      'cookiewords',
      'Officehome',
      'Crumbhome',
      'tocword',
      'Relatedoffice',
      'Yesbutton',
      'Crownwords',
    ],
  },
  {
    name: 'a blog: author box, share buttons, tags, comments of readers, sidebar',
    html: whole(`<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="/">Blogname</a></p><nav id="site-navigation"><a href="/about">Aboutlink</a></nav></header><div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
      <article id="post-7" class="post type-post category-news tag-garden"><header class="entry-header"><h1 class="entry-title">When to cut roses</h1><div class="entry-meta"><span class="posted-on">Posted on <time>May 2</time></span><span class="byline"> by <a href="/a">Gardenername</a></span></div></header>
      <div class="entry-content"><p>Cut roses when the forsythia is in flower, which is March in the south and April in the hills.</p><figure class="wp-block-image"><img src="r.jpg" alt="a rose"><figcaption>Cut above an eye that looks outwards.</figcaption></figure><h2>The cut itself</h2><p>Hold the knife at a slant, five millimetres above the eye.</p><blockquote><p>A blunt knife hurts the rose twice, my teacher used to say.</p></blockquote>
      <div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="/t">Tweetlink</a></li></ul></div></div><footer class="entry-footer"><span class="tags-links"><a href="/tag">Taglink</a></span></footer></article>
      <div class="author-box"><h4>About the author</h4><p>Authorwords about a life among roses.</p></div><nav class="navigation post-navigation"><a href="/n">Nextpost</a></nav>
      <div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on roses</h2><ol class="comment-list"><li class="comment"><p>I tried this with my own and readercomment grew well over the years, thank you very much indeed.</p></li></ol><div id="respond"><h3>Leave a Reply</h3><p>Your address will not be publishedwords.</p></div></div></main></div>
      <aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">Recent Posts</h2><ul><li><a href="/r">Recentpost</a></li></ul></section></aside></div></div>`),
    keeps: [
      'When to cut roses',
      'forsythia',
      'looks outwards',
      'The cut itself',
      'five millimetres',
      'hurts the rose twice',
    ],
    drops: [
      'Aboutlink',
      'Gardenername',
      'Tweetlink',
      'Taglink',
      'Authorwords',
      'Nextpost',
      'readercomment',
      'publishedwords',
      'Recentpost',
    ],
  },
  {
    name: 'a page of very little text, with more around it than in it',
    html: whole(`<header><nav><ul><li><a href="/1">Navone with a long name</a></li><li><a href="/2">Navtwo with a long name</a></li></ul></nav></header><main><h1>Contact</h1><p>Call 0000 4711.</p></main>
      <footer><div><h4>Company</h4><p>Footerprose about who we are and have been since the beginning of time, more or less.</p></div></footer>`),
    keeps: ['Contact', 'Call 0000 4711.'],
    drops: ['Navone', 'Footerprose'],
  },
  {
    name: 'lines that look like furniture and are content',
    html: whole(`<main><h1>Spring fair</h1><p>Doors open on 12 May 2026 at 10:30.</p><p>Go to <a href="/tickets">the ticket page</a> to book.</p><p>Follow the signs.</p><p>Search the map.</p><h2>Menu</h2><p>Soup, bread and apple cake, all day long.</p>
      <h2>Topics</h2><ul><li>Seeds for dry ground</li><li>Bees in the city</li></ul><div class="rating"><h2>How we rate plants</h2><p>Three leaves mean that a plant needs no care at all, and one leaf means daily water.</p></div><div class="banner"><p>Dogs may come along on a leash.</p></div></main>`),
    keeps: [
      '12 May 2026 at 10:30',
      'to book',
      'Follow the signs',
      'Search the map',
      'apple cake',
      'Bees in the city',
      'Three leaves',
      'Dogs may come',
    ],
    drops: [],
  },
  {
    name: 'German, with the usual parts around it',
    html: whole(
      `<div class="cookie-hinweis" id="cookie-layer"><p>Diese Seite verwendet Kekswörter.</p></div><nav><a href="/">Startseite</a></nav><div id="inhalt"><h1>Sperrmüll anmelden</h1><p>Zweimal im Jahr holen wir Sperrmüll ab, ohne dass es etwas kostet.</p><p>Melden Sie ihn spätestens zehn Tage vorher an und stellen Sie ihn am Abend vorher an den Straßenrand.</p></div><div class="footer"><a href="/impressum">Impressumlink</a></div>`,
      'de',
    ),
    keeps: ['Sperrmüll anmelden', 'ohne dass es etwas kostet', 'am Abend vorher'],
    drops: ['Kekswörter', 'Startseite', 'Impressumlink'],
  },
  {
    name: 'Arabic, right to left',
    html: whole(
      `<nav><a href="/">الرئيسية</a></nav><main><h1>سياسة الإرجاع</h1><p>يمكنك إرجاع أي منتج خلال ثلاثين يومًا من تاريخ الشراء، ونحن ندفع تكلفة الشحن.</p></main><footer><p>جميع الحقوق محفوظة</p></footer>`,
      'ar',
    ),
    keeps: ['سياسة الإرجاع', 'خلال ثلاثين يومًا'],
    drops: ['الرئيسية', 'جميع الحقوق'],
  },
];

const textOf = (html: string) =>
  extractHtml(html, 'https://site.example/a')
    .blocks.map((entry) => entry.text)
    .join('\n');

describe('extractHtml: websites', () => {
  it.each(layouts)('$name', ({ html, keeps, drops }) => {
    const text = textOf(html);
    expect(keeps.filter((words) => !text.includes(words))).toEqual([]);
    expect(drops.filter((words) => text.includes(words))).toEqual([]);
  });
});
