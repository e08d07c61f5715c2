const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

export interface PageParts {
  title: string;
  description: string;
  /** Trusted markup. */
  body: string;
  /** Class of the body element. */
  kind: string;
  /** Trusted markup for the end of the body, such as a script tag. */
  scripts?: string;
}

const navigation = [
  { href: '/demo', text: 'Demo' },
  { href: '/docs', text: 'Docs' },
  { href: '/console', text: 'Console' },
];

/** The bell, drawn by us; takes the text's colour. */
export const bellMark =
  '<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">' +
  '<path d="M5 23a11 11 0 0 1 22 0z" fill="currentColor"/>' +
  '<rect x="3" y="24.5" width="26" height="3" rx="1.5" fill="currentColor"/>' +
  '<circle cx="16" cy="8.5" r="2.5" fill="currentColor"/></svg>';

/** A whole page of our own: one stylesheet, no inline script or style. */
export function renderPage({ title, description, body, kind, scripts = '' }: PageParts): string {
  const links = navigation.map(({ href, text }) => `<a href="${href}">${text}</a>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" href="/site/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/site/site.css">
</head>
<body class="${kind}">
<a class="skip" href="#main">Skip to content</a>
<header class="top"><a class="brand" href="/">${bellMark}<span>Deskbell</span></a><nav aria-label="Main">${links}</nav></header>
${body}
${scripts}</body>
</html>
`;
}
