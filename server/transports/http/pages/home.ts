import { escapeHtml, renderPage } from './html.ts';

/** The line that owners paste. */
export function snippetFor(origin: string, siteId: string): string {
  return `<script async src="${origin}/widget.js" data-site="${siteId}"></script>`;
}

const conversation = `<figure class="talk" aria-label="How a conversation goes">
<p class="say visitor">How long do I have to return something?</p>
<div class="say ai"><p>You have 60 days from the day the parcel arrived. <span class="cite">1</span></p>
<p class="source"><span class="cite">1</span> Returning something</p></div>
<p class="say visitor">Can I pay with bitcoin?</p>
<p class="event">The AI was not sure enough, so it rang the bell.</p>
<p class="say person"><b>Robin</b>We do not take that yet, but a bank transfer works.</p>
<figcaption>Drawn from a conversation on the <a href="/demo">demo</a>. Try it there.</figcaption>
</figure>`;

/** The front page: what this is, where to go, and the line to paste. */
export function renderHome(options: { origin: string; needsSetup: boolean }): string {
  const snippet = escapeHtml(snippetFor(options.origin, 'default'));
  const first = options.needsSetup
    ? '<li><a href="/console">Create your account.</a> The one-time code stands in the log of this server.</li>'
    : '<li><a href="/console">Sign in to the console.</a></li>';
  return renderPage({
    title: 'Deskbell: support chat that knows when to ring for a person',
    description:
      'Self-hosted support chat: answers from your own pages, with sources, and a person when it matters.',
    kind: 'home',
    body: `<main id="main" class="home-grid">
<section class="pitch">
<h1>Answers from your own pages. A person when it matters.</h1>
<p class="lead">Deskbell reads your site, answers visitors with the sources beside every claim, and hands over to your team in the same thread when it is not sure. It runs on your own machine.</p>
<p class="actions"><a class="button" href="/demo">Try the demo</a><a class="button quiet" href="/console">Open the console</a><a class="button quiet" href="/docs">Read the docs</a></p>
<h2>Put it on your site</h2>
<ol class="steps">${first}<li>Give it your site's address. It reads the pages and shows what became of each.</li><li>Paste this line before <code>&lt;/body&gt;</code>:</li></ol>
<div class="snippet"><code id="snippet">${snippet}</code><button type="button" class="copy" data-copy="snippet">Copy</button></div>
</section>
${conversation}
</main>`,
    scripts: '<script src="/site/site.js" defer></script>\n',
  });
}
