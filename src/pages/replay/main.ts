/* The replay's beginning: which recording its address names, and at which moment it begins. */
import { mount } from 'svelte'
import { here } from '../../source/address'
import '../parts/base.css'
import { readMoment } from './moments'
import ReplayPage from './ReplayPage.svelte'

const asked = new URLSearchParams(here().search)

mount(ReplayPage, {
  target: document.body,
  props: { name: asked.get('recording') ?? undefined, startMs: readMoment(asked.get('t') ?? '') },
})
