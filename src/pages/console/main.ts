/* The console page's beginning: the one place that knows which source it has. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import ConsolePage from './ConsolePage.svelte'

mount(ConsolePage, { target: document.body, context: contextWith(chooseSource()) })
