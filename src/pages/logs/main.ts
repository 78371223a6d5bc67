/*
 * The log page's beginning: the one place that knows which source it has, and the page's address,
 * in which the page keeps what it shows.
 */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import { readFilter, type LogFilter, writeFilter } from './log-filter'
import LogsPage from './LogsPage.svelte'

const remember = (filter: LogFilter): void =>
  history.replaceState(null, '', `${location.pathname}${writeFilter(filter)}`)

mount(LogsPage, {
  target: document.body,
  props: { filter: readFilter(location.search), remember },
  context: contextWith(chooseSource()),
})
