/** By this alarm a search that waits for the person's hand looks again; heard by the worker, set by the search. */
export const GUIDED_ALARM = 'guided-search';
