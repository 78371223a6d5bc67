/*
 * The beginning of the page for what is not built yet: the one place that knows the address it was
 * asked for, and whether it is shown inside of a slide.
 */
import { mount } from 'svelte'
import { here } from '../../source/address'
import '../parts/base.css'
import LaterPage from './LaterPage.svelte'
import { whatComes } from './what-comes'

const coming = whatComes(here().pathname)
document.title = `${coming.title} · Let it crash`
mount(LaterPage, { target: document.body, props: { coming, isOnSlide: window.parent !== window } })
