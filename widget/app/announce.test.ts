import { describe, expect, it } from 'vitest';
import { createScene, type SceneName } from '../dev/scenes.ts';
import { announcements } from './announce.ts';
import { english } from './texts.ts';

function said(scene: SceneName, seq: number): string[] {
  const { thread } = createScene(scene).snapshot;
  return thread ? announcements(thread, seq, english) : [];
}

describe('announcements', () => {
  it('says a finished answer without its marks, and nothing of one’s own', () => {
    const [answer, ...others] = said('answered', 0);
    expect(others).toEqual([]);
    expect(answer).toMatch(/^AI assistant: You can return boots within 60 days of delivery/u);
    expect(answer).not.toMatch(/\*|\[1\]/u);
  });

  it('is silent while the answer is being written', () => {
    expect(said('streaming', 0)).toEqual([]);
  });

  it('says that a person was asked and came, and what they wrote', () => {
    const all = said('human', 0);
    expect(all.slice(0, 3)).toEqual([
      'A person was asked to join. I have asked a colleague to take over. They see everything said so far and will answer here.',
      'Mara joined the conversation',
      'Mara: Hello, I am looking at your order now.',
    ]);
    expect(said('human', 4)).toEqual(all.slice(3));
    expect(said('resolved', 5)).toEqual(['Mara closed the conversation']);
  });
});
