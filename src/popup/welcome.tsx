import { render as renderInto } from 'preact';
import { send } from '../messaging/send';
import { api } from '../platform/api';
import { render, text } from '../platform/browser-texts';
import { Welcome } from './components/welcome';
import { speak } from './words';

const root = document.documentElement;
root.lang = api.i18n.getUILanguage();
root.dir = api.i18n.getMessage('@@bidi_dir') || 'ltr';
speak({ render, text, locale: root.lang });

const app = document.getElementById('app');
if (app !== null) {
  renderInto(<Welcome getSettings={() => send('settings.get', {})} setSettings={(change) => send('settings.set', change)} />, app);
}
