import { UsageError, type CommandContext } from './command.ts';

/** One of the things that a command with sub-commands can do: `sites create`. */
export type Action = (context: CommandContext, args: readonly string[]) => Promise<number>;

/** Runs the action that the first argument names; without arguments the one called `list`. @throws UsageError */
export function runAction(
  actions: Readonly<Record<string, Action>>,
  context: CommandContext,
): Promise<number> {
  const [name = 'list', ...args] = context.args;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    throw new UsageError(`There is no "${name}" here. Say ${Object.keys(actions).join(', ')}.`);
  }
  return action(context, args);
}
