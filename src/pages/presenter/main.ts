/* The presenter page's beginning: the one place that knows which source it has. */
import { mount } from 'svelte'
import declared from 'virtual:declared/let-it-crash'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import PresenterPage from './PresenterPage.svelte'

mount(PresenterPage, {
  target: document.body,
  props: { boards: declared.boards },
  context: contextWith(chooseSource()),
})
