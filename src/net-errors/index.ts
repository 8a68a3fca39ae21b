export {
  classify,
  classifyAt,
  classifyOwn,
  createOwnClassifier,
  isResetLike,
  isSentence,
  isSpurious,
  isUnexplainedAbort,
  phaseOf,
  RAW_ERROR_LIMIT,
  tlsAnswerOf,
} from './classify';
