/*
 * The log page's beginning: the one place that knows the page's address, in which the page
 * keeps what it shows.
 */
import { changeStep, here } from '../../source/address'
import { showPage } from '../show-page'
import { readFilter, type LogFilter, writeFilter } from './log-filter'
import LogsPage from './LogsPage.svelte'

const remember = (filter: LogFilter): void => changeStep(writeFilter(filter))

showPage(LogsPage, {
  // Read anew whenever the page begins anew.
  get filter() {
    return readFilter(here().search)
  },
  remember,
})
