// What a supervisor says to desks and answers them: the confirmations, and the list of what was said. Pure.

import type { Board, BoardMessage, BoardSession, BoardStation } from "../../bindings/usher";
import type { Message } from "../../shared/messages";
import { roomName, type Change, type Question } from "./decisions";

/** The longest message, in characters: what the server takes. */
export const WORDS_MAX = 280;

/** Characters as the server counts them. */
export function length(words: string): number {
  return [...words.trim()].length;
}

/** Whether words can be sent; `empty`: whether none at all can be, too. */
export function wordsFit(words: string, empty: boolean): boolean {
  const count = length(words);
  return count <= WORDS_MAX && (empty || count > 0);
}

/** To whom a message goes. */
export interface To {
  station: string | null;
  session: string | null;
}

function whom(board: Board, to: To): Message | null {
  if (to.station !== null) {
    const desk = board.stations.find((one) => one.id === to.station);
    return desk ? { key: "decide.message", values: { who: { name: desk.name } } } : null;
  }
  if (to.session === null) return { key: "decide.message_all" };
  const session = board.sessions.find((one) => one.id === to.session);
  return session ? { key: "decide.message", values: { who: roomName(session) } } : null;
}

/** A message, before it is sent; none: the board no longer has whom it is for. */
export function messageQuestion(board: Board, to: To, words: string, urgent: boolean): Question | null {
  const title = whom(board, to);
  if (!title) return null;
  return {
    title,
    lines: [{ key: urgent ? "decide.message_urgent" : "decide.message_line" }],
    changes: [],
    risk: null,
    go: "decide.send",
    decision: { name: "message", args: { to: to.station, session: to.session, urgent, text: words.trim() } },
    done: { key: "decided.sent" },
    undo: null,
  };
}

/** A place for the guest of a desk that asked: a free one, or one more where there is none. */
export function giveQuestion(session: BoardSession, desk: BoardStation, askedMs: number): Question {
  const values = { desk: { name: desk.name }, room: roomName(session) };
  const free = session.grantable ?? 0;
  const capacity = session.capacity === null || free > 0 ? null : session.capacity + 1 - free;
  const changes: Change[] = capacity === null ? [] : [{ label: "manage.tile_places", before: session.capacity, after: capacity }];
  return {
    title: { key: "decide.give", values },
    lines: [{ key: capacity === null ? "decide.give_free" : "decide.give_more" }],
    changes,
    risk: null,
    go: "desk.give",
    decision: { name: "give_place", args: { station: desk.id, session: session.id, capacity, asked_ms: askedMs } },
    done: { key: "decided.given", values: { desk: values.desk } },
    undo: null,
  };
}

/** No place for the guest of a desk that asked. */
export function refuseQuestion(desk: BoardStation, askedMs: number, words: string): Question {
  const values = { desk: { name: desk.name } };
  return {
    title: { key: "decide.refuse", values },
    lines: [{ key: "decide.refuse_line" }],
    changes: [],
    risk: null,
    go: "desk.refuse",
    decision: { name: "refuse_place", args: { station: desk.id, asked_ms: askedMs, text: words.trim() } },
    done: { key: "decided.refused_place", values },
    undo: null,
  };
}

/** For whom a message was. */
export function addressed(board: Board, message: BoardMessage): Message {
  if (message.to !== null) return { key: "message.words", values: { text: { name: message.to } } };
  const session = board.sessions.find((one) => one.id === message.session);
  return session ? { key: "message.words", values: { text: roomName(session) } } : { key: "messages.all" };
}

/** What a message said. */
export function spoken(message: BoardMessage): Message {
  if (message.comes) return { key: "messages.comes" };
  if (!message.refuses) return { key: "message.words", values: { text: { name: message.text } } };
  return message.text ? { key: "messages.refused_why", values: { text: { name: message.text } } } : { key: "messages.refused" };
}

/** At how many of how many desks it was read. */
export function readBy(message: BoardMessage): Message {
  return { key: "messages.read", values: { n: message.read, all: message.read + message.unread.length } };
}
