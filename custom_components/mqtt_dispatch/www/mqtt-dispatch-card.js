var Pe=Object.defineProperty;var Oe=Object.getOwnPropertyDescriptor;var It=i=>{throw TypeError(i)};var p=(i,t,e,s)=>{for(var r=s>1?void 0:s?Oe(t,e):t,n=i.length-1,o;n>=0;n--)(o=i[n])&&(r=(s?o(t,e,r):o(r))||r);return s&&r&&Pe(t,e,r),r};var Ue=(i,t,e)=>t.has(i)||It("Cannot "+e);var wt=(i,t,e)=>(Ue(i,t,"read from private field"),e?e.call(i):t.get(i)),Wt=(i,t,e)=>t.has(i)?It("Cannot add the same private member more than once"):t instanceof WeakSet?t.add(i):t.set(i,e);var et=globalThis,st=et.ShadowRoot&&(et.ShadyCSS===void 0||et.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,bt=Symbol(),Bt=new WeakMap,W=class{constructor(t,e,s){if(this._$cssResult$=!0,s!==bt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(st&&t===void 0){let s=e!==void 0&&e.length===1;s&&(t=Bt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),s&&Bt.set(e,t))}return t}toString(){return this.cssText}},Vt=i=>new W(typeof i=="string"?i:i+"",void 0,bt),g=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((s,r,n)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+i[n+1],i[0]);return new W(e,i,bt)},Gt=(i,t)=>{if(st)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let s=document.createElement("style"),r=et.litNonce;r!==void 0&&s.setAttribute("nonce",r),s.textContent=e.cssText,i.appendChild(s)}},xt=st?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let s of t.cssRules)e+=s.cssText;return Vt(e)})(i):i;var{is:Ne,defineProperty:Le,getOwnPropertyDescriptor:De,getOwnPropertyNames:je,getOwnPropertySymbols:ze,getPrototypeOf:Ie}=Object,it=globalThis,Ft=it.trustedTypes,We=Ft?Ft.emptyScript:"",Be=it.reactiveElementPolyfillSupport,B=(i,t)=>i,V={toAttribute(i,t){switch(t){case Boolean:i=i?We:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},rt=(i,t)=>!Ne(i,t),Kt={attribute:!0,type:String,converter:V,reflect:!1,useDefault:!1,hasChanged:rt};Symbol.metadata??=Symbol("metadata"),it.litPropertyMetadata??=new WeakMap;var A=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Kt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let s=Symbol(),r=this.getPropertyDescriptor(t,s,e);r!==void 0&&Le(this.prototype,t,r)}}static getPropertyDescriptor(t,e,s){let{get:r,set:n}=De(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:r,set(o){let c=r?.call(this);n?.call(this,o),this.requestUpdate(t,c,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Kt}static _$Ei(){if(this.hasOwnProperty(B("elementProperties")))return;let t=Ie(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(B("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(B("properties"))){let e=this.properties,s=[...je(e),...ze(e)];for(let r of s)this.createProperty(r,e[r])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[s,r]of e)this.elementProperties.set(s,r)}this._$Eh=new Map;for(let[e,s]of this.elementProperties){let r=this._$Eu(e,s);r!==void 0&&this._$Eh.set(r,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let s=new Set(t.flat(1/0).reverse());for(let r of s)e.unshift(xt(r))}else t!==void 0&&e.push(xt(t));return e}static _$Eu(t,e){let s=e.attribute;return s===!1?void 0:typeof s=="string"?s:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let s of e.keys())this.hasOwnProperty(s)&&(t.set(s,this[s]),delete this[s]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Gt(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,s){this._$AK(t,s)}_$ET(t,e){let s=this.constructor.elementProperties.get(t),r=this.constructor._$Eu(t,s);if(r!==void 0&&s.reflect===!0){let n=(s.converter?.toAttribute!==void 0?s.converter:V).toAttribute(e,s.type);this._$Em=t,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(t,e){let s=this.constructor,r=s._$Eh.get(t);if(r!==void 0&&this._$Em!==r){let n=s.getPropertyOptions(r),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:V;this._$Em=r;let c=o.fromAttribute(e,n.type);this[r]=c??this._$Ej?.get(r)??c,this._$Em=null}}requestUpdate(t,e,s,r=!1,n){if(t!==void 0){let o=this.constructor;if(r===!1&&(n=this[t]),s??=o.getPropertyOptions(t),!((s.hasChanged??rt)(n,e)||s.useDefault&&s.reflect&&n===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,s))))return;this.C(t,e,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:s,reflect:r,wrapped:n},o){s&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),n!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||s||(e=void 0),this._$AL.set(t,e)),r===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[r,n]of s){let{wrapped:o}=n,c=this[r];o!==!0||this._$AL.has(r)||c===void 0||this.C(r,void 0,n,c)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(e)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};A.elementStyles=[],A.shadowRootOptions={mode:"open"},A[B("elementProperties")]=new Map,A[B("finalized")]=new Map,Be?.({ReactiveElement:A}),(it.reactiveElementVersions??=[]).push("2.1.2");var Rt=globalThis,Yt=i=>i,nt=Rt.trustedTypes,Jt=nt?nt.createPolicy("lit-html",{createHTML:i=>i}):void 0,se="$lit$",T=`lit$${Math.random().toFixed(9).slice(2)}$`,ie="?"+T,Ve=`<${ie}>`,M=document,F=()=>M.createComment(""),K=i=>i===null||typeof i!="object"&&typeof i!="function",qt=Array.isArray,Ge=i=>qt(i)||typeof i?.[Symbol.iterator]=="function",kt=`[ 	
\f\r]`,G=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Qt=/-->/g,Zt=/>/g,R=RegExp(`>|${kt}(?:([^\\s"'>=/]+)(${kt}*=${kt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Xt=/'/g,te=/"/g,re=/^(?:script|style|textarea|title)$/i,Mt=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),a=Mt(1),us=Mt(2),ms=Mt(3),H=Symbol.for("lit-noChange"),d=Symbol.for("lit-nothing"),ee=new WeakMap,q=M.createTreeWalker(M,129);function ne(i,t){if(!qt(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return Jt!==void 0?Jt.createHTML(t):t}var Fe=(i,t)=>{let e=i.length-1,s=[],r,n=t===2?"<svg>":t===3?"<math>":"",o=G;for(let c=0;c<e;c++){let l=i[c],m,f,u=-1,v=0;for(;v<l.length&&(o.lastIndex=v,f=o.exec(l),f!==null);)v=o.lastIndex,o===G?f[1]==="!--"?o=Qt:f[1]!==void 0?o=Zt:f[2]!==void 0?(re.test(f[2])&&(r=RegExp("</"+f[2],"g")),o=R):f[3]!==void 0&&(o=R):o===R?f[0]===">"?(o=r??G,u=-1):f[1]===void 0?u=-2:(u=o.lastIndex-f[2].length,m=f[1],o=f[3]===void 0?R:f[3]==='"'?te:Xt):o===te||o===Xt?o=R:o===Qt||o===Zt?o=G:(o=R,r=void 0);let b=o===R&&i[c+1].startsWith("/>")?" ":"";n+=o===G?l+Ve:u>=0?(s.push(m),l.slice(0,u)+se+l.slice(u)+T+b):l+T+(u===-2?c:b)}return[ne(i,n+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),s]},Y=class i{constructor({strings:t,_$litType$:e},s){let r;this.parts=[];let n=0,o=0,c=t.length-1,l=this.parts,[m,f]=Fe(t,e);if(this.el=i.createElement(m,s),q.currentNode=this.el.content,e===2||e===3){let u=this.el.content.firstChild;u.replaceWith(...u.childNodes)}for(;(r=q.nextNode())!==null&&l.length<c;){if(r.nodeType===1){if(r.hasAttributes())for(let u of r.getAttributeNames())if(u.endsWith(se)){let v=f[o++],b=r.getAttribute(u).split(T),C=/([.?@])?(.*)/.exec(v);l.push({type:1,index:n,name:C[2],strings:b,ctor:C[1]==="."?St:C[1]==="?"?Et:C[1]==="@"?Tt:N}),r.removeAttribute(u)}else u.startsWith(T)&&(l.push({type:6,index:n}),r.removeAttribute(u));if(re.test(r.tagName)){let u=r.textContent.split(T),v=u.length-1;if(v>0){r.textContent=nt?nt.emptyScript:"";for(let b=0;b<v;b++)r.append(u[b],F()),q.nextNode(),l.push({type:2,index:++n});r.append(u[v],F())}}}else if(r.nodeType===8)if(r.data===ie)l.push({type:2,index:n});else{let u=-1;for(;(u=r.data.indexOf(T,u+1))!==-1;)l.push({type:7,index:n}),u+=T.length-1}n++}}static createElement(t,e){let s=M.createElement("template");return s.innerHTML=t,s}};function U(i,t,e=i,s){if(t===H)return t;let r=s!==void 0?e._$Co?.[s]:e._$Cl,n=K(t)?void 0:t._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(i),r._$AT(i,e,s)),s!==void 0?(e._$Co??=[])[s]=r:e._$Cl=r),r!==void 0&&(t=U(i,r._$AS(i,t.values),r,s)),t}var At=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:s}=this._$AD,r=(t?.creationScope??M).importNode(e,!0);q.currentNode=r;let n=q.nextNode(),o=0,c=0,l=s[0];for(;l!==void 0;){if(o===l.index){let m;l.type===2?m=new J(n,n.nextSibling,this,t):l.type===1?m=new l.ctor(n,l.name,l.strings,this,t):l.type===6&&(m=new Ct(n,this,t)),this._$AV.push(m),l=s[++c]}o!==l?.index&&(n=q.nextNode(),o++)}return q.currentNode=M,r}p(t){let e=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(t,s,e),e+=s.strings.length-2):s._$AI(t[e])),e++}},J=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,s,r){this.type=2,this._$AH=d,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=s,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=U(this,t,e),K(t)?t===d||t==null||t===""?(this._$AH!==d&&this._$AR(),this._$AH=d):t!==this._$AH&&t!==H&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Ge(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==d&&K(this._$AH)?this._$AA.nextSibling.data=t:this.T(M.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:s}=t,r=typeof s=="number"?this._$AC(t):(s.el===void 0&&(s.el=Y.createElement(ne(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===r)this._$AH.p(e);else{let n=new At(r,this),o=n.u(this.options);n.p(e),this.T(o),this._$AH=n}}_$AC(t){let e=ee.get(t.strings);return e===void 0&&ee.set(t.strings,e=new Y(t)),e}k(t){qt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,s,r=0;for(let n of t)r===e.length?e.push(s=new i(this.O(F()),this.O(F()),this,this.options)):s=e[r],s._$AI(n),r++;r<e.length&&(this._$AR(s&&s._$AB.nextSibling,r),e.length=r)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let s=Yt(t).nextSibling;Yt(t).remove(),t=s}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},N=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,s,r,n){this.type=1,this._$AH=d,this._$AN=void 0,this.element=t,this.name=e,this._$AM=r,this.options=n,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=d}_$AI(t,e=this,s,r){let n=this.strings,o=!1;if(n===void 0)t=U(this,t,e,0),o=!K(t)||t!==this._$AH&&t!==H,o&&(this._$AH=t);else{let c=t,l,m;for(t=n[0],l=0;l<n.length-1;l++)m=U(this,c[s+l],e,l),m===H&&(m=this._$AH[l]),o||=!K(m)||m!==this._$AH[l],m===d?t=d:t!==d&&(t+=(m??"")+n[l+1]),this._$AH[l]=m}o&&!r&&this.j(t)}j(t){t===d?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},St=class extends N{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===d?void 0:t}},Et=class extends N{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==d)}},Tt=class extends N{constructor(t,e,s,r,n){super(t,e,s,r,n),this.type=5}_$AI(t,e=this){if((t=U(this,t,e,0)??d)===H)return;let s=this._$AH,r=t===d&&s!==d||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,n=t!==d&&(s===d||r);r&&this.element.removeEventListener(this.name,this,s),n&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},Ct=class{constructor(t,e,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){U(this,t)}};var Ke=Rt.litHtmlPolyfillSupport;Ke?.(Y,J),(Rt.litHtmlVersions??=[]).push("3.3.3");var oe=(i,t,e)=>{let s=e?.renderBefore??t,r=s._$litPart$;if(r===void 0){let n=e?.renderBefore??null;s._$litPart$=r=new J(t.insertBefore(F(),n),n,void 0,e??{})}return r._$AI(i),r};var Ht=globalThis,$=class extends A{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=oe(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return H}};$._$litElement$=!0,$.finalized=!0,Ht.litElementHydrateSupport?.({LitElement:$});var Ye=Ht.litElementPolyfillSupport;Ye?.({LitElement:$});(Ht.litElementVersions??=[]).push("4.2.2");var Je={attribute:!0,type:String,converter:V,reflect:!1,hasChanged:rt},Qe=(i=Je,t,e)=>{let{kind:s,metadata:r}=e,n=globalThis.litPropertyMetadata.get(r);if(n===void 0&&globalThis.litPropertyMetadata.set(r,n=new Map),s==="setter"&&((i=Object.create(i)).wrapped=!0),n.set(e.name,i),s==="accessor"){let{name:o}=e;return{set(c){let l=t.get.call(this);t.set.call(this,c),this.requestUpdate(o,l,i,!0,c)},init(c){return c!==void 0&&this.C(o,void 0,i,c),c}}}if(s==="setter"){let{name:o}=e;return function(c){let l=this[o];t.call(this,c),this.requestUpdate(o,l,i,!0,c)}}throw Error("Unsupported decorator location: "+s)};function y(i){return(t,e)=>typeof e=="object"?Qe(i,t,e):((s,r,n)=>{let o=r.hasOwnProperty(n);return r.constructor.createProperty(n,s),o?Object.getOwnPropertyDescriptor(r,n):void 0})(i,t,e)}function x(i){return y({...i,state:!0,attribute:!1})}var P=(i,t,e)=>(e.configurable=!0,e.enumerable=!0,Reflect.decorate&&typeof t!="object"&&Object.defineProperty(i,t,e),e);function k(i,t){return(e,s,r)=>{let n=o=>o.renderRoot?.querySelector(i)??null;if(t){let{get:o,set:c}=typeof s=="object"?e:r??(()=>{let l=Symbol();return{get(){return this[l]},set(m){this[l]=m}}})();return P(e,s,{get(){let l=o.call(this);return l===void 0&&(l=n(this),(l!==null||this.hasUpdated)&&c.call(this,l)),l}})}return P(e,s,{get(){return n(this)}})}}var Pt="mqtt_dispatch";function ae(i){return"gone"in i}function ot(i){return"station"in i&&i.station.loaded}async function de(i){return(await i.callWS({type:`${Pt}/stations`,language:i.language})).stations}function ce(i,t){return{type:`${Pt}/subscribe`,device_id:i,language:t}}async function L(i,t,e){return(await i.callService(Pt,t,e,void 0,!1,!0)).response}function at(){let i=crypto.getRandomValues(new Uint8Array(16));return`card:${Array.from(i,t=>t.toString(16).padStart(2,"0")).join("")}`}function le(i){return i?.code===3}function dt(i){let{message:t}=i??{};return t||String(i)}function _(i,t){customElements.get(i)||customElements.define(i,t)}var ct=class{constructor(t,e,s){this.host=t;this.message=e;this.told=s;t.addController(this)}#e;#t;#n;#i=0;#s=!1;set hass(t){t?.connection!==this.#e&&(this.#d(),this.#e=t?.connection,this.#s&&this.#a())}hostConnected(){this.#s=!0,this.#a()}hostDisconnected(){this.#s=!1,this.#d()}restart(){this.#c(),this.#i=0,this.#s&&this.#r()}#o=()=>this.restart();#a(){this.#e?.addEventListener("ready",this.#o),this.#r()}#d(){this.#e?.removeEventListener("ready",this.#o),this.#c()}#c(){clearTimeout(this.#n),this.#t?.then(t=>t()).catch(()=>{}),this.#t=void 0}#r(){let t=this.message();if(this.#t||!this.#e||!t)return;let e=!0,s=this.#e.subscribeMessage(r=>{this.#t===s&&(this.#i=0,this.error=void 0,this.told(r,e),e=!1,this.host.requestUpdate())},t,{resubscribe:!1});this.#t=s,s.catch(r=>{if(this.#t!==s||(this.#t=void 0,this.error=r??{},this.host.requestUpdate(),r?.code==="unauthorized"))return;let n=Math.min(3e4,1e3*2**this.#i++);this.#n=setTimeout(()=>this.#r(),n)})}};var D=g`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  h3 {
    margin: 0;
    font-size: 0.875rem;
    font-weight: 500;
    color: var(--secondary-text-color);
  }
  * + h3 {
    margin-top: 12px;
  }
  p,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--secondary-text-color);
    font-size: 0.875rem;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .wrap {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button,
  select {
    min-height: 44px;
    min-width: 44px;
    padding: 0 16px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    background: transparent;
    color: var(--primary-text-color);
    font: inherit;
    cursor: pointer;
  }
  /* White on the theme's own colour is too faint to read. */
  button.main {
    border: 2px solid var(--primary-color);
    background: var(--secondary-background-color);
    background: color-mix(in srgb, var(--primary-color) 12%, transparent);
    font-weight: 500;
  }
  button.risky {
    border-color: var(--error-color);
    border-width: 2px;
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible,
  select:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  ha-icon {
    flex: none;
    --mdc-icon-size: 20px;
    color: var(--secondary-text-color);
  }
  ha-icon.good {
    color: var(--success-color);
  }
  ha-icon.warning {
    color: var(--warning-color);
  }
  ha-icon.bad {
    color: var(--error-color);
  }
  .box {
    padding: 12px;
    border: 1px solid var(--divider-color);
    border-inline-start: 4px solid var(--warning-color);
    border-radius: 8px;
  }
  code {
    font-size: 0.9em;
  }
`;function pe(i,t,e={}){i.dispatchEvent(new CustomEvent(t,{detail:e,bubbles:!0,composed:!0}))}function lt(i,t){pe(i,"hass-more-info",{entityId:t})}function he(i,t,e){pe(i,"hass-notification",e?{message:t,action:e,duration:8e3}:{message:t})}function ht(i,t){return pt(i,t,{hour:"numeric",minute:"2-digit"})}function j(i,t,e){let s={year:"numeric",month:"numeric",day:"numeric"};return pt(i,t,s)===pt(i,e,s)?ht(i,t):pt(i,t,{weekday:"short",day:"numeric",month:"short",hour:"numeric",minute:"2-digit"})}function ut(i,t){if(t<=0)return"";let e=[[Math.floor(t/86400),"day"],[Math.floor(t%86400/3600),"hour"],[Math.floor(t%3600/60),"minute"],[Math.floor(t%60),"second"]],s=e.findIndex(([n])=>n>0);return e.slice(s,s+2).filter(([n,o])=>n>0&&(o!=="second"||t<600)).map(([n,o])=>new Intl.NumberFormat(i.language,{style:"unit",unit:o,unitDisplay:"short"}).format(n)).join(" ")}function pt(i,t,e){let{language:s,time_format:r}=i.locale,n=r==="12"?!0:r==="24"?!1:void 0,o="hour"in e&&n!==void 0?{...e,hour12:n}:e,c=i.config.time_zone;return Ze(r==="system"?void 0:s,{...o,timeZone:c}).format(t*1e3)}var ue=new Map;function Ze(i,t){let e=JSON.stringify([i,t]),s=ue.get(e)??new Intl.DateTimeFormat(i,t);return ue.set(e,s),s}var h=class extends ${constructor(){super(...arguments);this.now=0;this.still=!1;this.refusal="";this.doing=!1}get held(){return this.still||this.doing||!this.picture.station.may_control}async order(e,s){return this.attempt(()=>L(this.hass,e,{device_id:this.picture.station.device_id,...s}))}async attempt(e){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await e(),!0}catch(s){return this.refusal=dt(s),!1}finally{this.doing=!1}}};h.styles=[D],p([y({attribute:!1})],h.prototype,"hass",2),p([y({attribute:!1})],h.prototype,"words",2),p([y({attribute:!1})],h.prototype,"picture",2),p([y({type:Number})],h.prototype,"now",2),p([y({type:Boolean})],h.prototype,"still",2),p([x()],h.prototype,"refusal",2),p([x()],h.prototype,"doing",2);var mt=class extends h{render(){return a`${this.picture.cameras.map(t=>this.camera(t))}`}camera(t){let e=this.hass.states[t.image],r=this.picture.nodes.find(c=>c.node===t.node)?.title??t.node,n=e?.attributes.entity_picture,o=e&&Number.isFinite(Date.parse(e.state));return a`
      <h3>${r}</h3>
      ${o&&typeof n=="string"?a`<button @click=${()=>lt(this,t.image)}>
              <img src=${this.hass.hassUrl?.(n)??n} alt=${r} />
            </button>`:a`<p>${this.words.say("card_no_picture")}</p>`}
      ${this.waking(t)}
    `}waking(t){let e=Date.parse(this.hass.states[t.next_wake??""]?.state??"")/1e3;if(!Number.isFinite(e))return d;let s=j(this.hass,e,this.now);return a`<p class="quiet">${this.words.say("card_next_wake",{time:s})}</p>`}};mt.styles=[...h.styles,g`
      button {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
      }
      img {
        display: block;
        width: 100%;
        border-radius: 8px;
      }
    `];_("mqtt-dispatch-cameras",mt);var me={idle:{icon:"mdi:check-circle",tone:"good"},waiting:{icon:"mdi:clock-outline",tone:"warning"},running:{icon:"mdi:progress-clock",tone:"plain"},unconfirmed:{icon:"mdi:help-circle",tone:"warning"},paused:{icon:"mdi:pause-circle",tone:"warning"},offline:{icon:"mdi:lan-disconnect",tone:"bad"},storage_error:{icon:"mdi:harddisk-remove",tone:"bad"}},fe={pending:{icon:"mdi:circle-outline",tone:"plain",word:"card_pending"},waiting:{icon:"mdi:clock-outline",tone:"warning",word:"card_waiting"},dispensing:{icon:"mdi:progress-clock",tone:"plain",word:"card_dispensing"},unconfirmed:{icon:"mdi:help-circle",tone:"warning",word:"card_unconfirmed"},fed:{icon:"mdi:check-circle",tone:"good",word:"became_fed"},skipped:{icon:"mdi:skip-next-circle",tone:"plain",word:"became_skipped"},missed:{icon:"mdi:alert-circle",tone:"bad",word:"became_missed"},failed:{icon:"mdi:close-circle",tone:"bad",word:"became_failed"},unknown:{icon:"mdi:help-circle-outline",tone:"plain",word:"card_unknown"}};function ge(i){let{status:t,ready:e}=i.station;return t==="idle"&&e===!1?{icon:"mdi:alert-circle",tone:"warning"}:me[t]??me.waiting}function ye(i){return fe[i]??fe.unknown}function _e(i){return i.commands.open.filter(t=>t.state!=="unconfirmed")}function ve(i){return i.waits_in_words?[i.waits_in_words]:i.nodes.map(t=>t.in_words)}function $e(i,t,e){if(t.commands.open.some(o=>o.id===e))return;let s=i.states[t.station.entities.command??""],{command_id:r,event_type:n}=s?.attributes??{};return r===e&&typeof n=="string"?n:void 0}function we(i,t){let{minimum:e,maximum:s}=i.feeding??{minimum:1,maximum:1};return Math.min(s,Math.max(e,Math.round(t)))}function be(i){return i.split("`")}var S=class extends ${constructor(){super(...arguments);this.heading="";this.action="";this.back="";this.risky=!1}ask(){this.dialog.showModal()}render(){return a`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${()=>this.dialog.close()}>${this.back}</button>
        <button class=${this.risky?"risky":"main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`}confirm(){this.dialog.close(),this.dispatchEvent(new CustomEvent("confirmed"))}};S.styles=[D,g`
      dialog {
        max-width: min(28rem, calc(100vw - 32px));
        padding: 24px;
        border: 0;
        border-radius: 12px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 1.25rem;
        font-weight: 500;
      }
      .wrap {
        justify-content: flex-end;
        margin-top: 24px;
      }
    `],p([y()],S.prototype,"heading",2),p([y()],S.prototype,"action",2),p([y()],S.prototype,"back",2),p([y({type:Boolean})],S.prototype,"risky",2),p([k("dialog")],S.prototype,"dialog",2);_("mqtt-dispatch-confirm",S);var z=class extends h{render(){let{doubt:t}=this;return a`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${t.in_words}</p>
      <ul>
        ${t.evidence.map(e=>a`<li class="quiet">${Xe(e)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded","card_happened",()=>this.resolve("succeeded"))}
        ${this.button("failed","card_not_happened",()=>this.resolve("failed"))}
        ${this.button("resend","card_send_again",()=>this.dialog.ask())}
      </div>
      ${t.answers.length?d:a`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:d}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${t.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`}button(t,e,s){return this.doubt.answers.includes(t)?a`<button ?disabled=${this.still} @click=${s}>${this.words.say(e)}</button>`:d}resolve(t){this.order("resolve_command",{command_id:this.doubt.command_id,outcome:t})}};z.styles=[...h.styles,g`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `],p([y({attribute:!1})],z.prototype,"doubt",2),p([k("mqtt-dispatch-confirm")],z.prototype,"dialog",2);function Xe(i){return be(i).map((t,e)=>e%2?a`<code>${t}</code>`:t)}_("mqtt-dispatch-doubt",z);var ts=60,es=8e3,ss=new Set(["service_not_found","station_not_loaded","unknown_device"]),is=new Set(["feeds_waiting","feeds_per_hour"]),Q=new Map,ft=new EventTarget;function Ut(i){return Q.get(i)}function xe(i){Q.get(i)?.state!=="sending"&&Ot(i,void 0)}async function ke(i,t,e,s=!1){if(Q.get(t)?.state==="sending")return;Ot(t,{portions:e,state:"sending"});let r={device_id:t,portions:e,idempotency_key:at(),...s?{confirm:!0}:{}};Ot(t,{portions:e,...await rs(i,r)})}async function rs(i,t){let e=Date.now(),s=!1;for(let r=0;;r++){try{return{state:"ordered",commandId:(await L(i,"feed",t)).command_id}}catch(o){let c=o.translation_key??"";if(le(o))s=!0;else if(!s||!ss.has(c))return{state:is.has(c)?"asks":"refused",message:dt(o)}}let n=Math.min(es,500*2**r);if(Date.now()+n>e+ts*1e3)return{state:"unsure"};await new Promise(o=>setTimeout(o,n))}}function Ot(i,t){t?Q.set(i,t):Q.delete(i),ft.dispatchEvent(new Event("change"))}var Z,E=class extends h{constructor(){super(...arguments);this.device="";this.name="";this.allowed=!1;Wt(this,Z,()=>this.requestUpdate())}connectedCallback(){super.connectedCallback(),ft.addEventListener("change",wt(this,Z))}disconnectedCallback(){super.disconnectedCallback(),ft.removeEventListener("change",wt(this,Z))}updated(e){Ut(this.device)?.state==="asks"&&(this.shadowRoot?.querySelector("mqtt-dispatch-confirm dialog[open]")||this.dialog.ask?.())}render(){let e=Ut(this.device),s=we(this.picture,this.portions??this.picture.feeding?.chosen??1),r=e?.state==="sending",n=this.still||!this.allowed||r,{minimum:o=1,maximum:c=1,grams:l=null}=this.picture.feeding??{},m=this.name||this.words.say("card_feed");return a`
      <div class="row" role="group" aria-label=${m}>
        <button
          class="step"
          aria-label=${this.words.say("card_fewer")}
          ?disabled=${n||s<=o}
          @click=${()=>this.choose(s-1)}
        >
          −
        </button>
        <output aria-live="polite">${this.amount(s,l)}</output>
        <button
          class="step"
          aria-label=${this.words.say("card_more")}
          ?disabled=${n||s>=c}
          @click=${()=>this.choose(s+1)}
        >
          +
        </button>
        <button class="main feed" ?disabled=${n} @click=${()=>this.feed(s)}>
          ${this.name?`${this.words.say("card_feed")}: ${this.name}`:this.words.say("card_feed")}
        </button>
      </div>
      <p class="quiet" aria-live="polite">${this.said(e)}</p>
      <mqtt-dispatch-confirm
        .heading=${this.words.say("card_feed_anyway")}
        .action=${this.words.say("card_feed_anyway")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.feed(e?.portions??s,!0)}
        ><p>${e?.message??d}</p></mqtt-dispatch-confirm
      >
    `}choose(e){this.portions=e,xe(this.device)}feed(e,s=!1){this.still||!this.allowed||ke(this.hass,this.device,e,s)}amount(e,s){let r=e===1?"one_portion":"portions",n=this.words.say(r,{portions:e});if(s===null)return n;let o=new Intl.NumberFormat(this.words.language).format(e*s);return`${n} (${this.words.say("card_grams",{grams:o})})`}said(e){if(!this.allowed)return this.words.say("card_read_only");switch(e?.state){case"sending":return this.words.say("card_sending");case"ordered":return this.followed(e.commandId??0);case"unsure":return this.words.say("card_unsure");case"refused":case"asks":return e.message??"";default:return""}}followed(e){let s=$e(this.hass,this.picture,e);if(!s)return this.words.say("card_ordered",{command_id:e});let r=this.words.stateOfAttribute("event.command","event_type",s);return this.words.say("card_became",{command_id:e,state:r})}};Z=new WeakMap,E.styles=[...h.styles,g`
      .row {
        flex-wrap: wrap;
      }
      output {
        min-width: 6rem;
        text-align: center;
      }
      .feed {
        flex: 1;
        min-width: 8rem;
      }
      .step {
        padding: 0;
        font-size: 1.25rem;
      }
    `],p([y()],E.prototype,"device",2),p([y()],E.prototype,"name",2),p([y({type:Boolean})],E.prototype,"allowed",2),p([x()],E.prototype,"portions",2),p([k("mqtt-dispatch-confirm")],E.prototype,"dialog",2);_("mqtt-dispatch-feed",E);var gt=class extends h{render(){let{next:t,today:e}=this.picture.meals;return a`
      <h3>${this.words.say("card_next")}</h3>
      ${t?this.next(t):a`<p>${this.words.say("card_no_next")}</p>`}
      ${e.length?a`<h3>${this.words.say("card_today")}</h3>
              <ul>
                ${e.map(s=>this.date(s))}
              </ul>`:d}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:d}
    `}next(t){let e=ut(this.words,t.at-this.now),s=j(this.hass,t.at,this.now);return a`<div class="row">
      <div class="grow">
        <p class="next">${e?this.words.say("card_in",{time:e}):s}</p>
        <p class="quiet">${s} · ${t.in_words}</p>
      </div>
      ${this.button(t)}
    </div>`}date(t){let{icon:e,tone:s,word:r}=ye(t.state),n=t.node?`${t.in_words} (${t.node})`:t.in_words;return a`<li>
      <div class="row">
        <ha-icon class=${s} .icon=${e}></ha-icon>
        <span class="grow">
          <span class=${t.state==="skipped"?"undone":""}>${ht(this.hass,t.at)} ${n}</span>
          <span class="quiet"> · ${this.words.say(r)}</span>
        </span>
        ${t.may.includes("unskip")?this.button(t):d}
      </div>
      ${t.why?a`<p class="quiet why">${t.why}</p>`:d}
    </li>`}button(t){let e=this.filled(t);return t.may.includes("skip")?a`<button
        ?disabled=${this.held}
        aria-label=${this.words.say("card_skip",e)}
        @click=${()=>this.skip(t)}
      >
        ${this.words.say("card_skip_short")}
      </button>`:t.may.includes("unskip")?a`<button
      ?disabled=${this.held}
      aria-label=${this.words.say("card_unskip",e)}
      @click=${()=>this.unskip(t)}
    >
      ${this.words.say("card_undo")}
    </button>`:d}async skip(t){await this.order("skip_meal",Ae(t))&&he(this,this.words.say("card_skipped",this.filled(t)),{text:this.words.say("card_undo"),action:()=>{this.unskip(t)}})}filled(t){return{meal:t.title,clock:ht(this.hass,t.at)}}unskip(t){return this.order("unskip_meal",Ae(t))}};gt.styles=[...h.styles,g`
      .next {
        font-size: 1.25rem;
      }
      li .why {
        padding-inline-start: 28px;
      }
      .undone {
        text-decoration: line-through;
      }
    `];function Ae(i){return{meal_id:i.meal_id,date:i.date}}_("mqtt-dispatch-meals",gt);var O=class extends h{render(){let{pause:t,plan_pause:e}=this.picture.station,{say:s}=this.words;return a`
      <div class="wrap">
        ${t||e?a`<button ?disabled=${this.held} @click=${this.resume}>
                ${s("card_resume")}
              </button>`:a`<button ?disabled=${this.held} @click=${()=>this.dialog.ask()}>
                ${s("card_pause")}
              </button>`}
      </div>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:d}
      <mqtt-dispatch-confirm
        .heading=${s("card_pause")}
        .action=${s("card_pause")}
        .back=${s("card_back")}
        @confirmed=${this.pause}
      >
        <label
          >${s("card_pause_what")}
          <select id="what">
            <option value="station">${s("card_pause_station")}</option>
            <option value="plan">${s("card_pause_plan")}</option>
          </select></label
        >
        <label
          >${s("card_how_long")}
          <select id="long">
            <option value="01:00:00">${s("card_for_hour")}</option>
            <option value="24:00:00">${s("card_for_day")}</option>
            <option value="">${s("card_until_resumed")}</option>
          </select></label
        >
      </mqtt-dispatch-confirm>
    `}pause(){let t=this.long.value;this.order("pause",{what:this.what.value,...t?{for:t}:{}})}async resume(){let{pause:t,plan_pause:e}=this.picture.station;t&&!await this.order("resume",{what:"station"})||e&&await this.order("resume",{what:"plan"})}};O.styles=[...h.styles,g`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `],p([k("mqtt-dispatch-confirm")],O.prototype,"dialog",2),p([k("#what")],O.prototype,"what",2),p([k("#long")],O.prototype,"long",2);_("mqtt-dispatch-pause",O);var yt=class extends h{render(){let t=_e(this.picture),{more:e}=this.picture.commands;return a`
      <h3>${this.words.say("card_queue")}</h3>
      ${t.length?d:a`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${t.map(s=>this.command(s))}
      </ul>
      ${e?a`<p class="quiet">
              ${this.words.say(e===1?"one_more":"more",{number:e})}
            </p>`:d}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:d}
    `}command(t){let e=t.waits_in_words!==null;return a`<li>
      <div class="row">
        <ha-icon .icon=${e?"mdi:clock-outline":"mdi:progress-clock"}></ha-icon>
        <span class="grow">${t.in_words}</span>
        ${t.may.includes("cancel")?a`<button
                ?disabled=${this.still}
                aria-label=${this.words.say("card_cancel",{command_id:t.id})}
                @click=${()=>this.order("cancel_command",{command_id:t.id})}
              >
                <ha-icon icon="mdi:close"></ha-icon>
              </button>`:d}
      </div>
      ${ve(t).map(s=>a`<p class="quiet wait">${s}</p>`)}
    </li>`}};yt.styles=[...h.styles,g`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `];_("mqtt-dispatch-queue",yt);var _t=class extends h{render(){let{station:t}=this.picture,{icon:e,tone:s}=ge(this.picture);return a`
      <div class="row">
        <ha-icon class=${s} .icon=${e}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map(r=>a`<p class="quiet" role="alert">${r}</p>`)}
      ${this.unready()}
      ${t.last_fed===null?d:a`<p class="quiet">
              ${this.words.say("card_last_fed",{time:j(this.hass,t.last_fed,this.now)})}
              · ${this.words.say("card_portions_today",{number:t.portions_today})}
            </p>`}
    `}line(){let{status:t,ready:e}=this.picture.station,s=this.words.state("sensor.status",t);return e===null?s:`${this.words.state("binary_sensor.ready",e?"on":"off")} · ${s}`}troubles(){let{pause:t,plan_pause:e,storage_ok:s,overdue:r}=this.picture.station,n=[t,e].map(o=>o?.in_words??"");return[s?"":this.words.say("card_storage"),...n,...r].filter(Boolean)}unready(){let t=this.picture.nodes.map(e=>e.why_in_words).filter(e=>e);return t.length?a`<ul class="quiet">
      ${t.map(e=>a`<li>${e}</li>`)}
    </ul>`:d}more(){let{status:t}=this.picture.station.entities;t&&lt(this,t)}};_t.styles=[...h.styles,g`
      .line {
        font-weight: 500;
      }
      ul {
        padding-inline-start: 28px;
      }
      button {
        padding: 0;
        border: 0;
        text-align: start;
      }
    `];_("mqtt-dispatch-status",_t);var vt=class extends h{render(){return a`
      <h3>${this.words.say("card_valves")}</h3>
      <ul>
        ${this.picture.valves.map(t=>this.valve(t))}
      </ul>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:d}
    `}valve(t){let e=this.hass.states[t.valve];if(!e)return d;let s=e.state==="open",r=String(e.attributes.friendly_name??t.valve),n=this.picture.nodes.find(c=>c.node===t.node)?.may_control,o=this.words.say(s?"card_close":"card_open");return a`<li class="row">
      <ha-icon
        class=${s?"warning":""}
        .icon=${s?"mdi:valve-open":"mdi:valve-closed"}
      ></ha-icon>
      <span class="grow">
        ${r}
        <span class="quiet"> · ${this.hass.formatEntityState?.(e)??e.state}${this.left(e)}</span>
      </span>
      <button
        ?disabled=${this.still||!n}
        aria-label="${o}: ${r}"
        @click=${()=>s?this.close(t):this.open(t)}
      >
        ${o}
      </button>
    </li>`}left(t){let e=t.attributes.closes_at;if(typeof e!="string")return"";let s=ut(this.words,Date.parse(e)/1e3-this.now);return s?`, ${this.words.say("card_closes_in",{time:s})}`:""}open(t){let e={entity_id:t.valve,idempotency_key:at()};return this.attempt(()=>L(this.hass,"open_valve",e))}close(t){return this.attempt(()=>this.hass.callService("valve","close_valve",{entity_id:t.valve},void 0,!1))}};vt.styles=[...h.styles,g`
      li {
        padding-block: 4px;
      }
    `];_("mqtt-dispatch-valves",vt);var X="mqtt_dispatch",Nt=new Map;async function $t(i){let t=Nt.get(i.language)??ns(i);Nt.set(i.language,t);try{return new Lt(await t,i.language)}catch(e){throw Nt.delete(i.language),e}}async function ns(i){return await i.loadBackendTranslation("entity",[X]),i.loadBackendTranslation("common",[X])}var Lt=class{constructor(t,e){this.localize=t;this.language=e;this.say=(t,e={})=>{let s=this.localize(`component.${X}.common.${t}`,e);return s?os(s,e):t};this.state=(t,e)=>this.localize(`component.${X}.entity.${t}.state.${e}`)||e;this.stateOfAttribute=(t,e,s)=>this.localize(`component.${X}.entity.${t}.state_attributes.${e}.state.${s}`)||s}};function os(i,t){return i.replace(/\{(\w+)\}/g,(e,s)=>String(t[s]??e))}var I="mqtt-dispatch-card",Se="mqtt_dispatch",as={device_id:"card_show_station",title:"card_show_title",hide_meals:"card_hide_meals",hide_feed:"card_hide_feed",hide_queue:"card_hide_queue",hide_equipment:"card_hide_equipment"},Ee;async function Dt(i){Ee=await $t(i)}function Te(){let i=t=>({name:t,selector:{boolean:{}}});return{schema:[{name:"device_id",required:!0,selector:{device:{filter:[{integration:Se}]}}},{name:"title",selector:{text:{}}},i("hide_meals"),i("hide_feed"),i("hide_queue"),i("hide_equipment")],computeLabel:({name:t})=>{let e=as[t];return e&&Ee?.say(e)||t}}}async function Ce(i){await Dt(i).catch(()=>{});let t=await de(i).catch(()=>[]),e=t.find(s=>s.loaded)??t[0];return e?.device_id?{device_id:e.device_id}:{}}function Re(i,t){let e=i.entities?.[t];return e?.platform!==Se||!e.device_id?null:{config:{type:`custom:${I}`,device_id:e.device_id}}}function tt(i,t){let e=i?.entity?t?.entities?.[i.entity]:void 0;return i?.device_id??e?.device_id??void 0}function qe(i){if(typeof i!="object"||i===null)throw new Error("No configuration");for(let t of["device_id","entity"]){let e=i[t];if(e!==void 0&&typeof e!="string")throw new Error(`${t}: no text`)}return{...i}}function Me(i,t=""){let e="sample",s={meal_id:"1",kind:"feed",date:"",node:null,why:null,command_id:null,may:[]};return{station:{entry_id:e,device_id:e,title:"MQTT Dispatch",protocol:"paired_dispenser",protocol_in_words:"",loaded:!0,feeds:!0,nodes:["1","2"],may_control:!0,status:"idle",ready:!0,connected:!0,storage_ok:!0,open:0,waiting:0,pause:null,plan_pause:null,portions_today:2,last_fed:i-6*3600,overdue:[],time_zone:"",entities:{}},feeding:{whole_station:!0,minimum:1,maximum:50,chosen:2,grams:null},nodes:[],commands:{open:[],more:0},doubts:[],meals:{planned:2,next:{...s,title:t,in_words:t,time:"18:00",at:i+5400,state:"pending"},today:[{...s,title:t,in_words:t,time:"07:00",at:i-6*3600,state:"fed"},{...s,title:t,in_words:t,time:"18:00",at:i+5400,state:"pending"}]},valves:[],cameras:[]}}var w=class extends ${constructor(){super(...arguments);this.preview=!1;this.outdated=!1;this.ahead=0;this.shown=[];this.live=new ct(this,()=>{let e=tt(this.config,this.hass);return e&&this.hass?ce(e,this.hass.language):void 0},e=>this.take(e))}setConfig(e){let s=tt(this.config,this.hass);this.config=qe(e),s!==tt(this.config,this.hass)&&(this.seen=void 0,this.live.restart())}getCardSize(){return 8}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.ticking=setInterval(()=>{!document.hidden&&this.counts&&this.requestUpdate()},1e3)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.ticking)}shouldUpdate(e){if(e.size!==1||!e.has("hass"))return!0;let s=e.get("hass");return s===void 0||this.entities().some((r,n)=>r!==this.shown[n])||s.language!==this.hass?.language||s.locale!==this.hass?.locale||s.config.state!==this.hass?.config.state}willUpdate(e){if(!e.has("hass")||!this.hass)return;this.live.hass=this.hass,this.shown=this.entities(),e.get("hass")?.language!==this.hass.language&&this.speak(this.hass)}render(){let{hass:e,words:s}=this;return!e||!s||!this.config?a`<ha-card></ha-card>`:a`<ha-card><div class="card">${this.content(e,s)}</div></ha-card>`}content(e,s){let r=Date.now()/1e3+this.ahead;if(!tt(this.config,e))return this.preview?this.station(e,s,Me(r,s.say("meal_unnamed")),r,!0):a`<p>${s.say("card_choose")}</p>`;let{seen:n}=this,o=this.trouble(e,s);if(!n)return a`<p>${o}</p>`;if(ae(n))return a`<p>${s.say("card_gone")}</p>`;if(!ot(n))return a`<p>${s.say("card_not_loaded",{station:n.station.title})}</p>`;let c=!!o||this.preview;return a`
      ${o?a`<p role="alert">${o}</p>`:d}
      ${this.outdated?a`<p role="alert">${s.say("card_updated")}</p>`:d}
      ${this.station(e,s,n,r,c)}
    `}station(e,s,r,n,o){let c=this.config??{type:""},{meals:l,doubts:m,commands:f,valves:u,cameras:v,station:b}=r,C=!c.hide_equipment,zt=c.title||b.title;return a`<section class=${this.live.error?"old":""} aria-label=${zt}>
      <h2>${zt}</h2>
      <mqtt-dispatch-status
        .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
      ></mqtt-dispatch-status>
      ${m.map(He=>a`<mqtt-dispatch-doubt
          .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
          .doubt=${He}
        ></mqtt-dispatch-doubt>`)}
      ${c.hide_meals||!(l.planned||r.feeding)?d:a`<mqtt-dispatch-meals
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-meals>`}
      ${c.hide_feed?d:this.feeders(e,s,r,n,o)}
      ${c.hide_queue||!(f.open.length||r.feeding)?d:a`<mqtt-dispatch-queue
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-queue>`}
      ${C&&u.length?a`<mqtt-dispatch-valves
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-valves>`:d}
      ${C&&v.length?a`<mqtt-dispatch-cameras
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-cameras>`:d}
      <mqtt-dispatch-pause
        .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
      ></mqtt-dispatch-pause>
    </section>`}feeders(e,s,r,n,o){if(!r.feeding)return d;let{station:c,nodes:l}=r;return(r.feeding.whole_station?[{device:c.device_id,name:"",allowed:c.may_control}]:l.map(f=>({device:f.device_id,name:f.title,allowed:f.may_control}))).map(({device:f,name:u,allowed:v})=>a`<mqtt-dispatch-feed
        .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
        .device=${f??""} .name=${u} .allowed=${v}
      ></mqtt-dispatch-feed>`)}trouble(e,s){let{error:r}=this.live;return r?e.config.state!==void 0&&e.config.state!=="RUNNING"?s.say("card_starting"):s.say("card_not_shown",{reason:r.message??String(r.code??"")}):""}take(e){this.ahead=e.now-Date.now()/1e3,this.outdated=e.version!=="0.1.0",this.seen=e.pictures.at(-1)??this.seen,this.shown=this.entities()}async speak(e){try{this.words=await $t(e),await Dt(e)}catch{setTimeout(()=>this.isConnected&&this.hass&&void this.speak(this.hass),2e3)}}entities(){if(!this.seen||!ot(this.seen))return[];let{valves:e,cameras:s,station:r}=this.seen;return[r.entities.command,...e.map(o=>o.valve),...s.flatMap(o=>[o.image,o.next_wake])].map(o=>this.hass?.states[o??""])}get counts(){return!this.seen||!ot(this.seen)?!1:!!(this.seen.meals.next||this.seen.valves.length)}};w.styles=[D,g`
      ha-card {
        height: 100%;
        overflow: hidden;
      }
      .card {
        padding: 16px;
      }
      section {
        display: grid;
        gap: 16px;
      }
      h2 {
        margin: 0 0 -12px;
        font-size: 1.25rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .old {
        opacity: 0.6;
      }
    `],w.getConfigForm=Te,w.getStubConfig=Ce,p([y({attribute:!1})],w.prototype,"hass",2),p([y({type:Boolean})],w.prototype,"preview",2),p([x()],w.prototype,"config",2),p([x()],w.prototype,"seen",2),p([x()],w.prototype,"words",2),p([x()],w.prototype,"outdated",2);_(I,w);var jt=window;jt.customCards??=[];jt.customCards.some(i=>i.type===I)||jt.customCards.push({type:I,name:"MQTT Dispatch",description:"A station: whether all is well, what comes next, what waits and why",preview:!0,documentationURL:"https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/card.md",getEntitySuggestion:Re});
