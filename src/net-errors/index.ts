export { classify, classifyAt, isResetLike, isSentence, isSpurious, phaseOf, RAW_ERROR_LIMIT, tlsAnswerOf } from './classify';
