import { expect, it } from 'vitest';
import { mdxToMarkdown } from './mdx.ts';

const page = `---
title: Sizes
---
import { Tabs, Tab } from '../ui'
import Note from './note.mdx'

export const meta = {
  author: 'x',
}

# Sizes {/* a note to ourselves */}

<Note type="info" icon={<Star />}>
Boots run *small*. {props.hint}
</Note>

Use \`<Tabs items={2}>\` in code.

\`\`\`jsx
import Kept from 'kept'
<Tabs>{kept}</Tabs>
\`\`\`

<Tabs>
  <Tab label="EU">Forty-two.</Tab>
</Tabs>

An import duty is paid by us, and 1 < 2 > 0.
`;

it('keeps the words of an MDX page and drops what only a program reads', () => {
  const text = mdxToMarkdown(page);
  expect(text).toMatch(/^---\ntitle: Sizes\n---/);
  for (const kept of [
    '# Sizes',
    'Boots run *small*.',
    'Use `<Tabs items={2}>` in code.',
    "import Kept from 'kept'\n<Tabs>{kept}</Tabs>",
    'Forty-two.',
    'An import duty is paid by us, and 1 < 2 > 0.',
  ])
    expect(text).toContain(kept);
  for (const dropped of ['../ui', 'author', 'ourselves', 'props', '<Note', '</Tab>', 'label'])
    expect(text).not.toContain(dropped);
});

it('is quick with tags that never end', () => {
  const text = `<A ${'x={y} '.repeat(20_000)}${'<B '.repeat(20_000)}`;
  const started = performance.now();
  mdxToMarkdown(text);
  expect(performance.now() - started).toBeLessThan(5_000);
});
