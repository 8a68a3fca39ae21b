import type { MessageId } from '../../model/message';

/** What ended an experiment, as the worker wrote it down, and the sentence that says so. */
const TROUBLES: Readonly<Record<string, MessageId>> = {
  'sends-something': 'ui_trouble_sends_something',
  'one-time-link': 'ui_trouble_one_time_link',
  download: 'ui_trouble_download',
  'asked-to-stop': 'ui_trouble_asked_to_stop',
  budget: 'ui_trouble_budget',
  'another cookie jar': 'ui_trouble_other_jar',
  'the test tab is switched off in the settings': 'ui_trouble_no_tab',
  'the permission to see extensions is missing': 'ui_search_not_allowed',
  'given back before it was over': 'ui_trouble_given_back',
};

/** The sentence for what ended an experiment; anything unexpected in general words. */
export function experimentTrouble(error: string | undefined): MessageId {
  return (error !== undefined && Object.hasOwn(TROUBLES, error) ? TROUBLES[error] : undefined) ?? 'ui_trouble_unexpected';
}
