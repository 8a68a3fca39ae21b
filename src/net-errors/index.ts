export {
  classify,
  classifyAt,
  classifyOwn,
  isResetLike,
  isSentence,
  isSpurious,
  isUnexplainedAbort,
  phaseOf,
  RAW_ERROR_LIMIT,
  tlsAnswerOf,
} from './classify';
