import { describe, expect, it } from 'vitest';
import { extractHtml } from './html.ts';

/**
 * Layouts of help centres and documentation as their builders make them: what is content stays, in order and with its
 * structure, and what surrounds it goes. `keeps` and `drops` are words that occur in one place of the page only.
 */
interface Layout {
  name: string;
  html: string;
  keeps: readonly string[];
  drops: readonly string[];
}

const chrome = (main: string) =>
  `<!doctype html><html lang="en"><head><title>Help</title></head><body>${main}</body></html>`;
const refund = `<p>We pay the money back within five days after the parcel has come back to us, by the way you paid.</p>
  <p>If you paid with a voucher, you get a new voucher over the same sum, which is good for two years.</p>`;
const steps = `<ol><li>Open your order and choose <b>Send back</b>.</li><li>Print the label.</li><li>Take the parcel to any post office.</li></ol>`;

const layouts: Layout[] = [
  {
    name: 'a ticket system: article body, votes, related articles, comments',
    html: chrome(`<header class="header"><div class="logo"><a href="/hc">Lantern Help</a></div><nav class="user-nav"><a href="/signin">Signin-link</a></nav></header>
      <main role="main"><div class="container"><nav class="sub-nav"><ol class="breadcrumbs"><li><a href="/hc">Lanternhome</a></li><li><a href="/c">Orders</a></li></ol>
      <form role="search" class="search"><input type="search" placeholder="Searchbox"></form></nav>
      <div class="article-container"><aside class="article-sidebar"><h3>Articles in this section</h3><ul><li><a href="/1">Neighbour one</a></li><li><a href="/2">Neighbour two</a></li></ul></aside>
      <article class="article"><header class="article-header"><h1 class="article-title">How refunds work</h1><div class="article-author"><ul class="meta-group"><li><a href="/u">Writername</a></li><li class="meta-data"><time>3 months ago</time></li></ul></div></header>
      <section class="article-info"><div class="article-content"><div class="article-body">${refund}<h2 id="h_01">Sending it back</h2>${steps}</div></div></section>
      <footer><div class="article-votes"><span class="article-votes-question">Was this article helpful?</span><a class="button" href="#">Yes-vote</a></div>
      <div class="article-return-to-top"><a href="#article-container">Upagain</a></div></footer>
      <section class="related-articles"><h2>Related articles</h2><ul><li><a href="/r1">Othertopic</a></li></ul></section>
      <section class="comments"><h2>Comments</h2><p>0 commentscount</p><p>Please sign in to leave a remarkhere.</p></section></article></div></div></main>
      <footer class="footer"><div class="footer-inner"><a href="/">Footerlink</a></div></footer>`),
    keeps: ['How refunds work', 'within five days', 'new voucher', 'Sending it back', '2. Print the label.'],
    drops: [
      'Signin-link',
      'Lanternhome',
      'Neighbour one',
      'Writername',
      'Yes-vote',
      'Upagain',
      'Othertopic',
      'remarkhere',
      'Footerlink',
      'helpful',
    ],
  },
  {
    name: 'a documentation generator: sidebar, table of contents, admonition, tabs, previous and next',
    html: chrome(`<div id="__docs"><nav aria-label="Main" class="navbar navbar--fixed-top"><a class="navbar__item" href="/">Navbaritem</a></nav>
      <div class="main-wrapper docs-wrapper"><aside class="theme-doc-sidebar-container"><nav class="menu"><ul class="menu__list"><li><a class="menu__link" href="/a">Sidebarlink</a></li></ul></nav></aside>
      <main class="docMainContainer_x1"><div class="row"><div class="col docItemCol_y2"><article><nav class="theme-doc-breadcrumbs"><a href="/">Crumblink</a></nav>
      <div class="theme-doc-toc-mobile"><button type="button">On this page toggle</button></div>
      <div class="theme-doc-markdown markdown"><header><h1>Install the tracker</h1></header><p>Put the tag into the head of every page that you want to see in the report.</p>
      <h2 class="anchor" id="by-package">By package<a href="#by-package" class="hash-link" aria-label="Direct link to By package"></a></h2>
      <div class="theme-tabs-container tabs-container"><ul role="tablist" class="tabs"><li role="tab" class="tabs__item">npm</li><li role="tab">yarn</li></ul>
      <div><div role="tabpanel"><div class="language-bash codeBlockContainer_z"><div class="codeBlockContent_q"><pre tabindex="0" class="prism-code"><code><span class="token-line">npm install lantern-tag<br></span></code></pre><div class="buttonGroup_w"><button type="button">Copybutton</button></div></div></div></div>
      <div role="tabpanel" hidden><div class="language-bash"><pre><code>yarn add lantern-tag</code></pre></div></div></div></div>
      <div class="theme-admonition theme-admonition-warning alert alert--warning"><div class="admonitionHeading_x">warning</div><div class="admonitionContent_x"><p>Blockers of advertisements may stop the tag.</p></div></div></div>
      <footer class="theme-doc-footer"><a href="/edit">Editlink</a><span class="theme-last-updated">Last updated on Feb 3</span></footer></article>
      <nav class="pagination-nav" aria-label="Docs pages"><a class="pagination-nav__link" href="/next">Nextpage</a></nav></div>
      <div class="col col--3"><div class="tableOfContents_b"><ul><li><a href="#by-package" class="table-of-contents__link">By package tocentry</a></li></ul></div></div></div></main></div>
      <footer class="footer footer--dark">Copyrightline</footer></div>`),
    keeps: [
      'Install the tracker',
      'By package',
      'npm install lantern-tag',
      'yarn add lantern-tag',
      'may stop the tag',
    ],
    drops: [
      'Navbaritem',
      'Sidebarlink',
      'Crumblink',
      'toggle',
      'Copybutton',
      'Editlink',
      'Nextpage',
      'tocentry',
      'Copyrightline',
    ],
  },
  {
    name: 'documentation whose sections bear ids made from their headings',
    html: chrome(`<div id="page-header"><p>Productline 2.5</p></div><div id="path"><a href="/">Pathlink</a> &gt; Manual</div><div class="document"><div class="related" role="navigation"><ul><li><a href="genindex">Indexlink</a></li></ul></div><div class="body" role="main">
      <section id="account"><h1>Your account<a class="headerlink" href="#account">¶</a></h1><p>An account keeps your orders and addresses together.</p>
      <section id="log-in"><h2>Log in<a class="headerlink" href="#log-in">¶</a></h2><p>You log in with your address and a code that we send you by mail.</p></section>
      <section id="newsletter"><h2>Newsletter</h2><p>We write once a month, and the last line of each letter takes you off the list.</p></section>
      <section id="subscription"><h2>Subscription</h2><p>A subscription renews itself each month until you end it under your account.</p></section>
      <section id="comments"><h2>Comments</h2><p>Comments on an order are read by the people who pack it, so write there what matters.</p></section>
      <section id="tags"><h2>Tags</h2><p>Tags sort your orders. Each order may have up to ten of them.</p></section>
      <section id="menu"><h2>Menu</h2><p>The three bars in the corner open the list of all screens.</p></section></section></div>
      <div class="sphinxsidebar" role="navigation"><h3>Contents</h3><ul><li><a href="#">Sidecontent</a></li></ul></div></div><div class="bottomlang"><p>Languages: <a href="/fr">Frenchlink</a></p></div><div class="footer">Builtwith</div>`),
    keeps: [
      'An account keeps',
      'a code that we send',
      'once a month',
      'renews itself',
      'read by the people',
      'up to ten',
      'three bars',
    ],
    drops: ['Productline', 'Pathlink', 'Frenchlink', 'Indexlink', 'Sidecontent', 'Builtwith', '¶'],
  },
  {
    name: 'a wiki: page tree, byline, panel, expandable part, labels, likes',
    html: chrome(`<div id="header" role="banner"><ul><li><a href="/spaces">Spaceslink</a></li></ul></div><div class="acs-side-bar ia-fixed-sidebar"><ul class="plugin_pagetree"><li><a href="/p">Treelink</a></li></ul></div>
      <div id="main" class="aui-page-panel"><div id="main-header"><ol id="breadcrumbs"><li><a href="/s">Spacecrumb</a></li></ol><h1 id="title-text"><a href="/x">Router setup</a></h1></div>
      <div id="content" class="page view"><div class="page-metadata"><ul><li>Created by <a href="/u">Creatorname</a></li></ul></div>
      <div id="main-content" class="wiki-content"><p>The router needs about two minutes after it was plugged in.</p>
      <div class="confluence-information-macro confluence-information-macro-tip"><div class="confluence-information-macro-body"><p>Keep the box off the floor.</p></div></div>
      <div class="table-wrap"><table class="confluenceTable"><tbody><tr><th>Light</th><th>Meaning</th></tr><tr><td>green</td><td>connected</td></tr><tr><td>red</td><td>no line</td></tr></tbody></table></div>
      <div class="expand-container"><div class="expand-control"><span class="expand-control-text">It still blinks red?</span></div><div class="expand-content expand-hidden" style="display:none"><p>Call the line test under the number on the box.</p></div></div></div>
      <div id="labels-section" class="labels-editable"><ul class="label-list"><li><a href="/l">Labelname</a></li></ul></div><div id="likes-and-labels-container">Be the first to likethis</div></div></div><div id="footer" role="contentinfo">Poweredby</div>`),
    keeps: [
      'Router setup',
      'two minutes',
      'off the floor',
      '| green | connected |',
      'still blinks red',
      'line test under',
    ],
    drops: ['Spaceslink', 'Treelink', 'Spacecrumb', 'Creatorname', 'Labelname', 'Poweredby'],
  },
  {
    name: 'questions in an accordion that is closed by attribute, by style and by class',
    html: chrome(`<nav><a href="/">Navlink</a></nav><main><h1>Questions and answers</h1>
      <div class="accordion"><h3><button aria-expanded="false" aria-controls="a1">How long does delivery take?</button></h3><div id="a1" role="region" hidden><p>Two days in the city, four days elsewhere.</p></div>
      <h3><button aria-expanded="false" aria-controls="a2">Can I change the address?</button></h3><div id="a2" role="region" style="display: none"><p>Until the parcel is packed, yes.</p></div>
      <div class="faq-item"><button class="faq-question" aria-expanded="false">Do you deliver on Saturday?</button><div class="faq-answer" aria-hidden="true"><p>On Saturday until noon.</p></div></div></div>
      <details><summary>What about islands?</summary><p>Islands are served by ship once a week.</p></details></main>
      <div id="mobile" hidden><a href="/">Mobilelink</a><a href="/b">Basketlink</a></div><button aria-controls="mobile">Menubutton</button>
      <div class="modal" id="size" hidden><p>Pick a sizehere.</p></div><a data-bs-target="#size" href="#size">Sizeguide</a>`),
    keeps: [
      'How long does delivery',
      'Two days in the city',
      'change the address',
      'Until the parcel is packed',
      'on Saturday?',
      'until noon',
      'What about islands?',
      'by ship once a week',
    ],
    drops: ['Navlink', 'Mobilelink', 'sizehere', 'Menubutton'],
  },
  {
    name: 'tabs whose panes bear ids that begin with nav',
    html: chrome(`<ul class="nav nav-tabs" id="nav-tab"><li><a href="#nav-home">By card</a></li><li><a href="#nav-invoice">By invoice</a></li></ul>
      <main><h1>Ways to pay</h1><div class="tab-content" id="nav-tabContent"><div class="tab-pane active" id="nav-home"><p>Cards are charged when the parcel leaves us, not before.</p></div>
      <div class="tab-pane" id="nav-invoice" style="display:none"><p>Invoices are due after fourteen days, for business customers after thirty.</p></div></div></main>`),
    keeps: ['charged when the parcel', 'due after fourteen'],
    drops: [],
  },
  {
    name: 'a question and its answers on a board',
    html: chrome(`<header class="topbar"><a href="/">Boardhome</a><form role="search"><input></form></header><div class="container"><div id="left-sidebar"><nav><a href="/q">Allquestions</a></nav></div>
      <div id="content"><div id="question-header"><h1>Why does the lamp flicker?</h1></div><div id="mainbar" role="main"><div class="question"><div class="votecell"><button>Upvote</button><div class="js-vote-count">7</div></div>
      <div class="postcell"><div class="s-prose js-post-body"><p>My lamp flickers when I dim it below a fifth. The bulb is new and rated for dimmers.</p></div><div class="post-taglist"><a class="post-tag" href="/t">taglamp</a></div></div></div>
      <div id="answers"><h2>2 Answers</h2><div class="answer accepted-answer"><div class="answercell"><div class="s-prose"><p>The dimmer has a least load. Turn the screw on its side until the flicker stops.</p><pre><code>load &gt;= 20 W</code></pre></div></div></div>
      <div class="answer"><div class="s-prose"><p>Or use a bulb of another maker; some of them need less.</p></div></div></div></div>
      <div id="sidebar" class="show-votes"><h4>Linked</h4><a href="/1">Linkedquestion</a></div></div></div><footer id="footer">Sitefooter</footer>`),
    keeps: [
      'Why does the lamp flicker?',
      'rated for dimmers',
      'Turn the screw',
      'load >= 20 W',
      'some of them need less',
    ],
    drops: ['Boardhome', 'Allquestions', 'Upvote', 'Linkedquestion', 'Sitefooter'],
  },
  {
    name: 'definitions with long answers',
    html: chrome(`<main><h1>Terms</h1><dl class="faq"><dt>What is a deposit?</dt><dd><p>A sum that we hold while you rent.</p><ul><li>small lamps: 5</li><li>large lamps: 20</li></ul></dd>
      <dt>When do I get it back?</dt><dd><p>When the lamp is back and whole.</p></dd></dl></main>`),
    keeps: ['What is a deposit?', 'while you rent', '- large lamps: 20', 'back and whole'],
    drops: [],
  },
];

const textOf = (html: string) =>
  extractHtml(html, 'https://help.example/a')
    .blocks.map((entry) => entry.text)
    .join('\n');

describe('extractHtml: help centres and documentation', () => {
  it.each(layouts)('$name', ({ html, keeps, drops }) => {
    const text = textOf(html);
    expect(keeps.filter((words) => !text.includes(words))).toEqual([]);
    expect(drops.filter((words) => text.includes(words))).toEqual([]);
  });
});
