import { AppError } from '../../errors.ts';
import type { Actor, Policy } from './route.ts';

type Verdict = 'allowed' | 'unauthenticated' | 'forbidden';

function judge(policy: Policy, actor: Actor): Verdict {
  switch (policy) {
    case 'public':
    case 'public-visitor':
      return 'allowed';
    case 'console':
      return actor.kind === 'account' ? 'allowed' : 'unauthenticated';
    case 'console-or-key':
      return actor.kind === 'anonymous' ? 'unauthenticated' : 'allowed';
    case 'owner-or-key':
      if (actor.kind === 'anonymous') return 'unauthenticated';
      return actor.kind === 'key' || actor.account.role === 'owner' ? 'allowed' : 'forbidden';
    case 'key':
      return actor.kind === 'key' ? 'allowed' : 'unauthenticated';
  }
}

const fixes: Readonly<Record<Policy, string>> = {
  public: '',
  'public-visitor': '',
  console: 'Sign in to the console.',
  'console-or-key': 'Sign in to the console, or send "Authorization: Bearer <api key>".',
  'owner-or-key': 'Sign in as an owner, or send "Authorization: Bearer <api key>".',
  key: 'Send "Authorization: Bearer <api key>".',
};

/** The one place that decides who may call what. @throws AppError `unauthenticated` or `forbidden`. */
export function authorize(policy: Policy, actor: Actor): void {
  const verdict = judge(policy, actor);
  if (verdict === 'unauthenticated') {
    throw new AppError('unauthenticated', 'This needs a login or an API key.', { fix: fixes[policy] });
  }
  if (verdict === 'forbidden') {
    throw new AppError('forbidden', 'Only an owner may do this.', { fix: 'Ask an owner.' });
  }
}
