import { renderPage } from './html.ts';

/** Said for any address that leads nowhere. */
export function renderNotFound(): string {
  return renderPage({
    title: 'Not found · Deskbell',
    description: 'There is no page at this address.',
    kind: 'missing',
    body: `<main id="main" class="plain"><h1>There is no page here</h1>
<p>The address may be mistyped, or the page has moved. Go to the <a href="/">start page</a>, the <a href="/demo">demo</a> or the <a href="/docs">docs</a>.</p></main>`,
  });
}
