import { parentPort } from 'node:worker_threads';
import { DomainError } from '../../domain/index.js';
import { LaidOutLab } from './laid-out-lab.js';
import type { Answered, SentError, Told } from './messages.js';

const labs = new Map<number, LaidOutLab>();

const sent = (error: unknown): SentError => {
  if (error instanceof DomainError) {
    const { kind, code, message, facts } = error;
    return { kind, code, message, facts };
  }
  return {
    kind: null,
    code: '',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    facts: {},
  };
};

const ask = (lab: LaidOutLab, { question, about }: Extract<Told, { tell: 'ask' }>): unknown => {
  if (question === 'resolve') return lab.resolve(...(about as Parameters<LaidOutLab['resolve']>));
  if (question === 'earliest') return lab.earliest(...(about as Parameters<LaidOutLab['earliest']>));
  return lab.advise(...(about as Parameters<LaidOutLab['advise']>));
};

const say = (answered: Answered): void => parentPort?.postMessage(answered);

const hear = (told: Told): Answered | null => {
  const { lab: id } = told;
  if (told.tell === 'open') labs.set(id, new LaidOutLab(told.turnarounds));
  else if (told.tell === 'part') labs.get(id)?.add(told.part);
  else if (told.tell === 'close') labs.delete(id);
  else {
    const { call } = told;
    say({ call, begins: true });
    try {
      const lab = labs.get(id);
      if (!lab) throw new Error('this lab was closed');
      return { call, answer: ask(lab, told) };
    } catch (error) {
      return { call, error: sent(error) };
    }
  }
  return null;
};

parentPort?.on('message', (told: Told) => {
  const answered = hear(told);
  if (answered) say(answered);
});
