import type { Site } from '../../server/protocol/http.ts';
import { SettingsDraft, type SettingsValues } from '../state/settings-draft.svelte.ts';
import type { Console } from './context.ts';

/** A draft of one section of a site's settings; after saving, a toast offers the way back. */
export const createSiteDraft = <Values extends SettingsValues>(given: {
  console: Pick<Console, 'sites' | 'toasts'>;
  site: Site;
  read: (site: Site) => Values;
  toChange: (values: Values) => Parameters<Console['sites']['update']>[1];
}): SettingsDraft<Values> => {
  const { sites, toasts } = given.console;
  return new SettingsDraft({
    initial: given.read(given.site),
    save: async (values) => given.read(await sites.update(given.site.id, given.toChange(values))),
    onSaved: (undo) => toasts.say('Saved.', { label: 'Undo', run: () => void undo() }),
  });
};
