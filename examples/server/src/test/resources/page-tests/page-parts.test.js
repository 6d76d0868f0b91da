import { keepRunning } from '../audio/keep-running.js';
import { chatUrl } from '../configuration.js';
import { pictureFromFile } from '../picture/picture.js';
import { asText } from '../ui/keepsake.js';
import { Settings } from '../ui/settings.js';
import { Transcript } from '../ui/transcript.js';
import { Voices } from '../ui/voices.js';
import { equal, isTrue, near, test } from './check.js';

const RANGES = { text_temperature: { default: 0.45, min: 0.2, max: 1.2, step: 0.01 } };

function memory(stored) {
  return { stored, getItem() { return this.stored; }, setItem(_, text) { this.stored = text; } };
}

async function drawn(width, height, type = 'image/png') {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  const noise = context.createImageData(width, height);
  noise.data.forEach((_, i) => (noise.data[i] = (i * 2_654_435_761) >>> 24));
  context.putImageData(noise, 0, 0);
  return new Promise((done) => canvas.toBlob(done, type));
}

async function size(blob) {
  const { width, height } = await createImageBitmap(blob);
  return [width, height];
}

test('settings start at the server’s defaults and outlive a reload', () => {
  const store = memory(null);
  const settings = new Settings(RANGES, store);
  equal([settings.value('text_temperature'), settings.isChanged('text_temperature')], [0.45, false]);
  settings.set('text_temperature', 0.9);
  settings.seed = 12;
  const reloaded = new Settings(RANGES, store);
  equal([reloaded.value('text_temperature'), reloaded.isChanged('text_temperature'), reloaded.seed], [0.9, true, 12]);
  reloaded.reset();
  equal(new Settings(RANGES, store).value('text_temperature'), 0.45);
});

test('a zero is a setting like any other', () => {
  const settings = new Settings({ x: { default: 1, min: 0, max: 2, step: 1 } }, memory(null));
  settings.set('x', 0);
  settings.seed = 0;
  const { x, text_seed: seed } = settings.toParameters();
  equal([x, seed], ['0', '0']);
});

test('stored settings that make no sense are forgotten or brought into range', () => {
  for (const nonsense of ['{', 'null', '7', '{"text_temperature":"hot"}']) {
    equal(new Settings(RANGES, memory(nonsense)).value('text_temperature'), 0.45, nonsense);
  }
  equal(new Settings(RANGES, memory('{"text_temperature":99}')).value('text_temperature'), 1.2);
});

test('a talk without a chosen seed gets a new one each time', () => {
  const settings = new Settings(RANGES, memory(null));
  const seeds = new Set(Array.from({ length: 20 }, () => settings.toParameters().text_seed));
  isTrue(seeds.size > 10, 'different seeds');
});

test('the address of a talk follows the page’s scheme and host', () => {
  const url = new URL(chatUrl({ text_topk: 25, token: 'a&b' }));
  equal([url.protocol, url.host, url.pathname], ['ws:', location.host, '/api/chat']);
  equal(url.searchParams.get('token'), 'a&b');
});

test('a large picture is made small, keeping its shape', async () => {
  const picture = await pictureFromFile(await drawn(2400, 1200), 'x', 4e6);
  equal([picture.blob.type, ...await size(picture.blob)], ['image/jpeg', 1024, 512]);
});

test('a small picture is not blown up', async () => {
  equal(await size((await pictureFromFile(await drawn(100, 40), 'x', 4e6)).blob), [100, 40]);
});

test('a picture gets as small as the server wants it', async () => {
  const picture = await pictureFromFile(await drawn(1600, 1600), 'x', 60_000);
  isTrue(picture.blob.size <= 60_000, `${picture.blob.size} bytes`);
});

test('what is transparent becomes white, not black', async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 20, height: 20 });
  const file = await new Promise((done) => canvas.toBlob(done));
  const { blob } = await pictureFromFile(file, 'x', 4e6);
  const context = canvas.getContext('2d');
  context.drawImage(await createImageBitmap(blob), 0, 0);
  context.getImageData(10, 10, 1, 1).data.forEach((value) => near(value, 255, 2));
});

test('a file that is no picture is refused in words', async () => {
  const message = await pictureFromFile(new File(['hello'], 'notes.txt'), 'x', 4e6).catch((error) => error.message);
  isTrue(message.includes('“notes.txt”') && message.includes('JPEG'), message);
});

function emptyTranscript() {
  const [log, scroller, spoken] = ['div', 'div', 'div'].map((name) => document.createElement(name));
  const transcript = new Transcript({ log, scroller, spoken });
  transcript.begin();
  return { transcript, log, spoken };
}

test('words carry their level, and a new talk begins below the old one', async () => {
  const { transcript, log } = emptyTranscript();
  transcript.add(' Hello', 2);
  transcript.add(' there.', 10);
  transcript.add(' Plain', null);
  equal([...log.querySelectorAll('span')].map(({ className }) => className), ['gate gate-2', 'gate gate-10', '']);
  transcript.begin();
  transcript.add(' New', 5);
  equal([log.textContent.startsWith(' Hello there. Plain'), log.lastChild.querySelectorAll('span').length], [true, 1]);
  transcript.discard();
  equal(log.textContent, ' Hello there. Plain');
});

test('a screen reader hears sentences, not pieces', async () => {
  const { transcript, spoken } = emptyTranscript();
  [' A', ' light', 'house', '.'].forEach((piece) => transcript.add(piece, 5));
  equal(spoken.children.length, 0);
  await new Promise((done) => setTimeout(done, 50));
  equal([...spoken.children].map(({ textContent }) => textContent), [' A lighthouse.']);
});

test('a kept text tells who said what, and what was looked at', async () => {
  const { transcript, log } = emptyTranscript();
  transcript.addPicture({ url: '', description: 'A lighthouse' });
  transcript.addQuestion('What do you see?');
  transcript.add(' A light', 9);
  transcript.add('house.', 10);
  equal(asText(log), '[Picture: A lighthouse]\n\nYou: What do you see?\n\nMoshiVis: A lighthouse.\n');
});

const line = (part) => `${part.className || 'model'}: ${part.textContent.trim()}`;

function heard(transcript, number, start, text, isFinal = true) {
  transcript.addUserWord({ number, start, text, isFinal });
}

test('the user’s words grow in a line of their own until they are final', () => {
  const { transcript, log } = emptyTranscript();
  heard(transcript, 0, 0.2, 'What', false);
  heard(transcript, 1, 0.6, 'do', false);
  heard(transcript, 0, 0.2, 'Whatever');
  equal([...log.querySelectorAll('p')].map(line), ['user: You: Whatever do']);
  equal([...log.querySelectorAll('.open')].map(({ textContent }) => textContent), ['do']);
  transcript.endUserTurn();
  equal(log.querySelector('.open'), null);
  heard(transcript, 2, 0.9, 'Next.');
  equal([...log.querySelectorAll('p')].map(line), ['user: You: Whatever do', 'user: You: Next.']);
  equal(asText(log), 'You: Whatever do\n\nYou: Next.\n');
});

test('lines stand in order of time, and neither side cuts the other’s sentences', () => {
  const { transcript, log } = emptyTranscript();
  transcript.add(' I see', 5, 1);
  heard(transcript, 0, 2, 'What?');
  transcript.add(' a boat.', 5, 2.5);
  transcript.add(' A sail.', 5, 3);
  heard(transcript, 1, 2.6, 'Where?');
  transcript.endUserTurn();
  heard(transcript, 2, 2.8, 'When?');
  transcript.add(' At sea', 5, 5);
  equal([...log.querySelectorAll('p')].map(line),
    ['model: I see a boat.', 'user: You: What? Where?', 'user: You: When?', 'model: A sail. At sea']);
});

test('a long gap begins a line where the model tells no ends of turns, and words of another talk are others', () => {
  const { transcript, log } = emptyTranscript();
  heard(transcript, 0, 1, 'One');
  heard(transcript, 1, 3.9, 'two', false);
  heard(transcript, 2, 7, 'three');
  equal([...log.querySelectorAll('p')].map(line), ['user: You: One two', 'user: You: three']);
  equal(log.querySelector('.open'), null);
  transcript.begin();
  heard(transcript, 0, 1, 'Again');
  equal(line(log.lastChild.lastChild), 'user: You: Again');
});

test('a screen reader hears the user’s sentences, as the user’s, when they are final', async () => {
  const { transcript, spoken } = emptyTranscript();
  heard(transcript, 0, 1, 'Why', false);
  await new Promise((done) => setTimeout(done, 50));
  equal(spoken.children.length, 0);
  heard(transcript, 0, 1, 'Why?');
  await new Promise((done) => setTimeout(done, 50));
  equal([...spoken.children].map(({ textContent }) => textContent.trim()), ['You: Why?']);
});

test('what speaks is named, through the pauses between words, and so is a muted microphone', () => {
  const section = document.createElement('div');
  section.innerHTML = ['you', 'model'].map((id) => `<i id="label-${id}"></i><i id="meter-${id}"></i>`).join('');
  const voices = new Voices(section, document.createElement('div'));
  const shown = () => [section.dataset.speaker, section.querySelector('#label-you').textContent,
    section.querySelector('#label-model').textContent];
  voices.show('you', 0.1, 1_000);
  equal(shown(), ['nobody', 'You', 'MoshiVis']);
  voices.show('you', 0.6, 2_000);
  voices.show('model', 0.6, 2_100);
  equal(shown(), ['both', 'You speak', 'MoshiVis speaks']);
  voices.show('model', 0.6, 2_650);
  equal(shown(), ['both', 'You speak', 'MoshiVis speaks']);
  voices.show('you', 0, 2_710);
  equal(shown(), ['model', 'You', 'MoshiVis speaks']);
  voices.silent = 'muted';
  equal(shown()[1], 'You: muted');
});

test('sound that was interrupted is resumed as soon as it can be', () => {
  const context = Object.assign(new EventTarget(), { state: 'running', resumed: 0 });
  context.resume = async () => context.resumed++;
  const heard = [];
  const letGo = keepRunning(context, (running) => heard.push(running));
  const become = (state) => {
    context.state = state;
    context.dispatchEvent(new Event('statechange'));
  };
  become('interrupted');
  equal([heard, context.resumed], [[false], 1], 'at once');
  window.dispatchEvent(new Event('pointerdown'));
  document.dispatchEvent(new Event('visibilitychange'));
  equal(context.resumed, 3, 'with a touch, and when the page is seen again');
  become('running');
  window.dispatchEvent(new Event('pointerdown'));
  equal([heard, context.resumed], [[false, true], 3], 'and then no more');
  letGo();
  become('interrupted');
  equal([heard.length, context.resumed], [2, 3], 'after the talk');
});

test('what differs from the defaults is known by name', () => {
  const settings = new Settings(RANGES, memory(null));
  equal(settings.changed, []);
  settings.set('text_temperature', 0.9);
  settings.centerCrop = true;
  settings.seed = 0;
  equal(settings.changed, ['text_temperature', 'center_crop', 'seed']);
});
