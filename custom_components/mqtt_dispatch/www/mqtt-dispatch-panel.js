var Ze=Object.defineProperty;var Je=Object.getOwnPropertyDescriptor;var p=(r,e,t,i)=>{for(var s=i>1?void 0:i?Je(e,t):e,n=r.length-1,o;n>=0;n--)(o=r[n])&&(s=(i?o(e,t,s):o(s))||s);return i&&s&&Ze(e,t,s),s};var ht=globalThis,mt=ht.ShadowRoot&&(ht.ShadyCSS===void 0||ht.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,qt=Symbol(),se=new WeakMap,nt=class{constructor(e,t,i){if(this._$cssResult$=!0,i!==qt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(mt&&e===void 0){let i=t!==void 0&&t.length===1;i&&(e=se.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),i&&se.set(t,e))}return e}toString(){return this.cssText}},re=r=>new nt(typeof r=="string"?r:r+"",void 0,qt),y=(r,...e)=>{let t=r.length===1?r[0]:e.reduce((i,s,n)=>i+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(s)+r[n+1],r[0]);return new nt(t,r,qt)},ne=(r,e)=>{if(mt)r.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let i=document.createElement("style"),s=ht.litNonce;s!==void 0&&i.setAttribute("nonce",s),i.textContent=t.cssText,r.appendChild(i)}},Ht=mt?r=>r:r=>r instanceof CSSStyleSheet?(e=>{let t="";for(let i of e.cssRules)t+=i.cssText;return re(t)})(r):r;var{is:Ye,defineProperty:Qe,getOwnPropertyDescriptor:Xe,getOwnPropertyNames:ti,getOwnPropertySymbols:ei,getPrototypeOf:ii}=Object,ft=globalThis,oe=ft.trustedTypes,si=oe?oe.emptyScript:"",ri=ft.reactiveElementPolyfillSupport,ot=(r,e)=>r,at={toAttribute(r,e){switch(e){case Boolean:r=r?si:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,e){let t=r;switch(e){case Boolean:t=r!==null;break;case Number:t=r===null?null:Number(r);break;case Object:case Array:try{t=JSON.parse(r)}catch{t=null}}return t}},gt=(r,e)=>!Ye(r,e),ae={attribute:!0,type:String,converter:at,reflect:!1,useDefault:!1,hasChanged:gt};Symbol.metadata??=Symbol("metadata"),ft.litPropertyMetadata??=new WeakMap;var M=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ae){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let i=Symbol(),s=this.getPropertyDescriptor(e,i,t);s!==void 0&&Qe(this.prototype,e,s)}}static getPropertyDescriptor(e,t,i){let{get:s,set:n}=Xe(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:s,set(o){let d=s?.call(this);n?.call(this,o),this.requestUpdate(e,d,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ae}static _$Ei(){if(this.hasOwnProperty(ot("elementProperties")))return;let e=ii(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ot("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ot("properties"))){let t=this.properties,i=[...ti(t),...ei(t)];for(let s of i)this.createProperty(s,t[s])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[i,s]of t)this.elementProperties.set(i,s)}this._$Eh=new Map;for(let[t,i]of this.elementProperties){let s=this._$Eu(t,i);s!==void 0&&this._$Eh.set(s,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let i=new Set(e.flat(1/0).reverse());for(let s of i)t.unshift(Ht(s))}else e!==void 0&&t.push(Ht(e));return t}static _$Eu(e,t){let i=t.attribute;return i===!1?void 0:typeof i=="string"?i:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let i of t.keys())this.hasOwnProperty(i)&&(e.set(i,this[i]),delete this[i]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ne(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,i){this._$AK(e,i)}_$ET(e,t){let i=this.constructor.elementProperties.get(e),s=this.constructor._$Eu(e,i);if(s!==void 0&&i.reflect===!0){let n=(i.converter?.toAttribute!==void 0?i.converter:at).toAttribute(t,i.type);this._$Em=e,n==null?this.removeAttribute(s):this.setAttribute(s,n),this._$Em=null}}_$AK(e,t){let i=this.constructor,s=i._$Eh.get(e);if(s!==void 0&&this._$Em!==s){let n=i.getPropertyOptions(s),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:at;this._$Em=s;let d=o.fromAttribute(t,n.type);this[s]=d??this._$Ej?.get(s)??d,this._$Em=null}}requestUpdate(e,t,i,s=!1,n){if(e!==void 0){let o=this.constructor;if(s===!1&&(n=this[e]),i??=o.getPropertyOptions(e),!((i.hasChanged??gt)(n,t)||i.useDefault&&i.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,i))))return;this.C(e,t,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:i,reflect:s,wrapped:n},o){i&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),n!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||i||(t=void 0),this._$AL.set(e,t)),s===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[s,n]of this._$Ep)this[s]=n;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[s,n]of i){let{wrapped:o}=n,d=this[s];o!==!0||this._$AL.has(s)||d===void 0||this.C(s,void 0,n,d)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(t)):this._$EM()}catch(i){throw e=!1,this._$EM(),i}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};M.elementStyles=[],M.shadowRootOptions={mode:"open"},M[ot("elementProperties")]=new Map,M[ot("finalized")]=new Map,ri?.({ReactiveElement:M}),(ft.reactiveElementVersions??=[]).push("2.1.2");var Ot=globalThis,le=r=>r,yt=Ot.trustedTypes,de=yt?yt.createPolicy("lit-html",{createHTML:r=>r}):void 0,Ut="$lit$",q=`lit$${Math.random().toFixed(9).slice(2)}$`,Lt="?"+q,ni=`<${Lt}>`,B=document,dt=()=>B.createComment(""),ct=r=>r===null||typeof r!="object"&&typeof r!="function",Dt=Array.isArray,fe=r=>Dt(r)||typeof r?.[Symbol.iterator]=="function",Pt=`[ 	
\f\r]`,lt=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ce=/-->/g,pe=/>/g,z=RegExp(`>|${Pt}(?:([^\\s"'>=/]+)(${Pt}*=${Pt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),ue=/'/g,he=/"/g,ge=/^(?:script|style|textarea|title)$/i,Nt=r=>(e,...t)=>({_$litType$:r,strings:e,values:t}),a=Nt(1),jt=Nt(2),Ci=Nt(3),H=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),me=new WeakMap,W=B.createTreeWalker(B,129);function ye(r,e){if(!Dt(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return de!==void 0?de.createHTML(e):e}var $e=(r,e)=>{let t=r.length-1,i=[],s,n=e===2?"<svg>":e===3?"<math>":"",o=lt;for(let d=0;d<t;d++){let l=r[d],u,g,h=-1,v=0;for(;v<l.length&&(o.lastIndex=v,g=o.exec(l),g!==null);)v=o.lastIndex,o===lt?g[1]==="!--"?o=ce:g[1]!==void 0?o=pe:g[2]!==void 0?(ge.test(g[2])&&(s=RegExp("</"+g[2],"g")),o=z):g[3]!==void 0&&(o=z):o===z?g[0]===">"?(o=s??lt,h=-1):g[1]===void 0?h=-2:(h=o.lastIndex-g[2].length,u=g[1],o=g[3]===void 0?z:g[3]==='"'?he:ue):o===he||o===ue?o=z:o===ce||o===pe?o=lt:(o=z,s=void 0);let f=o===z&&r[d+1].startsWith("/>")?" ":"";n+=o===lt?l+ni:h>=0?(i.push(u),l.slice(0,h)+Ut+l.slice(h)+q+f):l+q+(h===-2?d:f)}return[ye(r,n+(r[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),i]},pt=class r{constructor({strings:e,_$litType$:t},i){let s;this.parts=[];let n=0,o=0,d=e.length-1,l=this.parts,[u,g]=$e(e,t);if(this.el=r.createElement(u,i),W.currentNode=this.el.content,t===2||t===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(s=W.nextNode())!==null&&l.length<d;){if(s.nodeType===1){if(s.hasAttributes())for(let h of s.getAttributeNames())if(h.endsWith(Ut)){let v=g[o++],f=s.getAttribute(h).split(q),x=/([.?@])?(.*)/.exec(v);l.push({type:1,index:n,name:x[2],strings:f,ctor:x[1]==="."?vt:x[1]==="?"?_t:x[1]==="@"?bt:V}),s.removeAttribute(h)}else h.startsWith(q)&&(l.push({type:6,index:n}),s.removeAttribute(h));if(ge.test(s.tagName)){let h=s.textContent.split(q),v=h.length-1;if(v>0){s.textContent=yt?yt.emptyScript:"";for(let f=0;f<v;f++)s.append(h[f],dt()),W.nextNode(),l.push({type:2,index:++n});s.append(h[v],dt())}}}else if(s.nodeType===8)if(s.data===Lt)l.push({type:2,index:n});else{let h=-1;for(;(h=s.data.indexOf(q,h+1))!==-1;)l.push({type:7,index:n}),h+=q.length-1}n++}}static createElement(e,t){let i=B.createElement("template");return i.innerHTML=e,i}};function F(r,e,t=r,i){if(e===H)return e;let s=i!==void 0?t._$Co?.[i]:t._$Cl,n=ct(e)?void 0:e._$litDirective$;return s?.constructor!==n&&(s?._$AO?.(!1),n===void 0?s=void 0:(s=new n(r),s._$AT(r,t,i)),i!==void 0?(t._$Co??=[])[i]=s:t._$Cl=s),s!==void 0&&(e=F(r,s._$AS(r,e.values),s,i)),e}var $t=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:i}=this._$AD,s=(e?.creationScope??B).importNode(t,!0);W.currentNode=s;let n=W.nextNode(),o=0,d=0,l=i[0];for(;l!==void 0;){if(o===l.index){let u;l.type===2?u=new J(n,n.nextSibling,this,e):l.type===1?u=new l.ctor(n,l.name,l.strings,this,e):l.type===6&&(u=new wt(n,this,e)),this._$AV.push(u),l=i[++d]}o!==l?.index&&(n=W.nextNode(),o++)}return W.currentNode=B,s}p(e){let t=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(e,i,t),t+=i.strings.length-2):i._$AI(e[t])),t++}},J=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,i,s){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=i,this.options=s,this._$Cv=s?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=F(this,e,t),ct(e)?e===c||e==null||e===""?(this._$AH!==c&&this._$AR(),this._$AH=c):e!==this._$AH&&e!==H&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):fe(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==c&&ct(this._$AH)?this._$AA.nextSibling.data=e:this.T(B.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:i}=e,s=typeof i=="number"?this._$AC(e):(i.el===void 0&&(i.el=pt.createElement(ye(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===s)this._$AH.p(t);else{let n=new $t(s,this),o=n.u(this.options);n.p(t),this.T(o),this._$AH=n}}_$AC(e){let t=me.get(e.strings);return t===void 0&&me.set(e.strings,t=new pt(e)),t}k(e){Dt(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,i,s=0;for(let n of e)s===t.length?t.push(i=new r(this.O(dt()),this.O(dt()),this,this.options)):i=t[s],i._$AI(n),s++;s<t.length&&(this._$AR(i&&i._$AB.nextSibling,s),t.length=s)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let i=le(e).nextSibling;le(e).remove(),e=i}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},V=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,i,s,n){this.type=1,this._$AH=c,this._$AN=void 0,this.element=e,this.name=t,this._$AM=s,this.options=n,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=c}_$AI(e,t=this,i,s){let n=this.strings,o=!1;if(n===void 0)e=F(this,e,t,0),o=!ct(e)||e!==this._$AH&&e!==H,o&&(this._$AH=e);else{let d=e,l,u;for(e=n[0],l=0;l<n.length-1;l++)u=F(this,d[i+l],t,l),u===H&&(u=this._$AH[l]),o||=!ct(u)||u!==this._$AH[l],u===c?e=c:e!==c&&(e+=(u??"")+n[l+1]),this._$AH[l]=u}o&&!s&&this.j(e)}j(e){e===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},vt=class extends V{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===c?void 0:e}},_t=class extends V{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==c)}},bt=class extends V{constructor(e,t,i,s,n){super(e,t,i,s,n),this.type=5}_$AI(e,t=this){if((e=F(this,e,t,0)??c)===H)return;let i=this._$AH,s=e===c&&i!==c||e.capture!==i.capture||e.once!==i.once||e.passive!==i.passive,n=e!==c&&(i===c||s);s&&this.element.removeEventListener(this.name,this,i),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},wt=class{constructor(e,t,i){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(e){F(this,e)}},ve={M:Ut,P:q,A:Lt,C:1,L:$e,R:$t,D:fe,V:F,I:J,H:V,N:_t,U:bt,B:vt,F:wt},oi=Ot.litHtmlPolyfillSupport;oi?.(pt,J),(Ot.litHtmlVersions??=[]).push("3.3.3");var _e=(r,e,t)=>{let i=t?.renderBefore??e,s=i._$litPart$;if(s===void 0){let n=t?.renderBefore??null;i._$litPart$=s=new J(e.insertBefore(dt(),n),n,void 0,t??{})}return s._$AI(r),s};var It=globalThis,k=class extends M{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=_e(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return H}};k._$litElement$=!0,k.finalized=!0,It.litElementHydrateSupport?.({LitElement:k});var ai=It.litElementPolyfillSupport;ai?.({LitElement:k});(It.litElementVersions??=[]).push("4.2.2");var li={attribute:!0,type:String,converter:at,reflect:!1,hasChanged:gt},di=(r=li,e,t)=>{let{kind:i,metadata:s}=t,n=globalThis.litPropertyMetadata.get(s);if(n===void 0&&globalThis.litPropertyMetadata.set(s,n=new Map),i==="setter"&&((r=Object.create(r)).wrapped=!0),n.set(t.name,r),i==="accessor"){let{name:o}=t;return{set(d){let l=e.get.call(this);e.set.call(this,d),this.requestUpdate(o,l,r,!0,d)},init(d){return d!==void 0&&this.C(o,void 0,r,d),d}}}if(i==="setter"){let{name:o}=t;return function(d){let l=this[o];e.call(this,d),this.requestUpdate(o,l,r,!0,d)}}throw Error("Unsupported decorator location: "+i)};function m(r){return(e,t)=>typeof t=="object"?di(r,e,t):((i,s,n)=>{let o=s.hasOwnProperty(n);return s.constructor.createProperty(n,i),o?Object.getOwnPropertyDescriptor(s,n):void 0})(r,e,t)}function w(r){return m({...r,state:!0,attribute:!1})}var G=(r,e,t)=>(t.configurable=!0,t.enumerable=!0,Reflect.decorate&&typeof e!="object"&&Object.defineProperty(r,e,t),t);function T(r,e){return(t,i,s)=>{let n=o=>o.renderRoot?.querySelector(r)??null;if(e){let{get:o,set:d}=typeof i=="object"?t:s??(()=>{let l=Symbol();return{get(){return this[l]},set(u){this[l]=u}}})();return G(t,i,{get(){let l=o.call(this);return l===void 0&&(l=n(this),(l!==null||this.hasUpdated)&&d.call(this,l)),l}})}return G(t,i,{get(){return n(this)}})}}var be="mqtt_dispatch";function zt(r){return"gone"in r}function Wt(r){return"station"in r&&r.station.loaded}function we(r,e){return{type:`${be}/subscribe`,device_id:r,language:e}}async function Y(r,e,t){return(await r.callService(be,e,t,void 0,!1,!0)).response}function L(r){let{message:e}=r??{};return e||String(r)}function _(r,e){customElements.get(r)||customElements.define(r,e)}function Bt(r,e,t={}){r.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,composed:!0}))}function xe(r,e){Bt(r,"hass-more-info",{entityId:e})}var xt=class{constructor(e,t,i){this.host=e;this.message=t;this.told=i;e.addController(this)}#e;#t;#n;#s=0;#i=!1;set hass(e){e?.connection!==this.#e&&(this.#l(),this.#e=e?.connection,this.#i&&this.#a())}hostConnected(){this.#i=!0,this.#a()}hostDisconnected(){this.#i=!1,this.#l()}restart(){this.#d(),this.#s=0,this.#i&&this.#r()}#o=()=>this.restart();#a(){this.#e?.addEventListener("ready",this.#o),this.#r()}#l(){this.#e?.removeEventListener("ready",this.#o),this.#d()}#d(){clearTimeout(this.#n),this.#t?.then(e=>e()).catch(()=>{}),this.#t=void 0}#r(){let e=this.message();if(this.#t||!this.#e||!e)return;let t=this.#e.subscribeMessage(i=>{this.#t===t&&(this.#s=0,this.error=void 0,this.told(i),this.host.requestUpdate())},e,{resubscribe:!1});this.#t=t,t.catch(i=>{if(this.#t!==t||(this.#t=void 0,this.error=i??{},this.host.requestUpdate(),i?.code==="unauthorized"))return;let s=Math.min(3e4,1e3*2**this.#s++);this.#n=setTimeout(()=>this.#r(),s)})}};var D=y`
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
`;var ut="mqtt_dispatch",Ft=new Map;async function ke(r){let e=Ft.get(r.language)??ci(r);Ft.set(r.language,e);try{return new Vt(await e,r.language)}catch(t){throw Ft.delete(r.language),t}}async function ci(r){return await r.loadBackendTranslation("entity",[ut]),r.loadBackendTranslation("common",[ut])}var Vt=class{constructor(e,t){this.localize=e;this.language=t;this.say=(e,t={})=>{let i=this.localize(`component.${ut}.common.${e}`,t);return i?pi(i,t):e};this.state=(e,t)=>this.localize(`component.${ut}.entity.${e}.state.${t}`)||t;this.stateOfAttribute=(e,t,i)=>this.localize(`component.${ut}.entity.${e}.state_attributes.${t}.state.${i}`)||i}};function pi(r,e){return r.replace(/\{(\w+)\}/g,(t,i)=>String(e[i]??t))}var Ae={idle:{icon:"mdi:check-circle",tone:"good"},waiting:{icon:"mdi:clock-outline",tone:"warning"},running:{icon:"mdi:progress-clock",tone:"plain"},unconfirmed:{icon:"mdi:help-circle",tone:"warning"},paused:{icon:"mdi:pause-circle",tone:"warning"},offline:{icon:"mdi:lan-disconnect",tone:"bad"},storage_error:{icon:"mdi:harddisk-remove",tone:"bad"}},Se={pending:{icon:"mdi:circle-outline",tone:"plain",word:"card_pending"},waiting:{icon:"mdi:clock-outline",tone:"warning",word:"card_waiting"},dispensing:{icon:"mdi:progress-clock",tone:"plain",word:"card_dispensing"},unconfirmed:{icon:"mdi:help-circle",tone:"warning",word:"card_unconfirmed"},fed:{icon:"mdi:check-circle",tone:"good",word:"became_fed"},skipped:{icon:"mdi:skip-next-circle",tone:"plain",word:"became_skipped"},missed:{icon:"mdi:alert-circle",tone:"bad",word:"became_missed"},failed:{icon:"mdi:close-circle",tone:"bad",word:"became_failed"},unknown:{icon:"mdi:help-circle-outline",tone:"plain",word:"card_unknown"}};function Te(r){let{status:e,ready:t}=r.station;return e==="idle"&&t===!1?{icon:"mdi:alert-circle",tone:"warning"}:Ae[e]??Ae.waiting}function Ee(r){return Se[r]??Se.unknown}function Re(r){return r.commands.open.filter(e=>e.state!=="unconfirmed")}function Ce(r){return r.waits_in_words?[r.waits_in_words]:r.nodes.map(e=>e.in_words)}function kt(r){return r.split("`")}var P=class extends k{constructor(){super(...arguments);this.heading="";this.action="";this.back="";this.risky=!1}ask(){this.dialog.showModal()}render(){return a`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${()=>this.dialog.close()}>${this.back}</button>
        <button class=${this.risky?"risky":"main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`}confirm(){this.dialog.close(),this.dispatchEvent(new CustomEvent("confirmed"))}};P.styles=[D,y`
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
    `],p([m()],P.prototype,"heading",2),p([m()],P.prototype,"action",2),p([m()],P.prototype,"back",2),p([m({type:Boolean})],P.prototype,"risky",2),p([T("dialog")],P.prototype,"dialog",2);_("mqtt-dispatch-confirm",P);var b=class extends k{constructor(){super(...arguments);this.now=0;this.still=!1;this.refusal="";this.doing=!1}get held(){return this.still||this.doing||!this.picture.station.may_control}async order(t,i){return this.attempt(()=>Y(this.hass,t,{device_id:this.picture.station.device_id,...i}))}async attempt(t){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await t(),!0}catch(i){return this.refusal=L(i),!1}finally{this.doing=!1}}};b.styles=[D],p([m({attribute:!1})],b.prototype,"hass",2),p([m({attribute:!1})],b.prototype,"words",2),p([m({attribute:!1})],b.prototype,"picture",2),p([m({type:Number})],b.prototype,"now",2),p([m({type:Boolean})],b.prototype,"still",2),p([w()],b.prototype,"refusal",2),p([w()],b.prototype,"doing",2);var Q=class extends b{render(){let{doubt:e}=this;return a`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${e.in_words}</p>
      <ul>
        ${e.evidence.map(t=>a`<li class="quiet">${ui(t)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded","card_happened",()=>this.resolve("succeeded"))}
        ${this.button("failed","card_not_happened",()=>this.resolve("failed"))}
        ${this.button("resend","card_send_again",()=>this.dialog.ask())}
      </div>
      ${e.answers.length?c:a`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${e.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`}button(e,t,i){return this.doubt.answers.includes(e)?a`<button ?disabled=${this.still} @click=${i}>${this.words.say(t)}</button>`:c}resolve(e){this.order("resolve_command",{command_id:this.doubt.command_id,outcome:e})}};Q.styles=[...b.styles,y`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `],p([m({attribute:!1})],Q.prototype,"doubt",2),p([T("mqtt-dispatch-confirm")],Q.prototype,"dialog",2);function ui(r){return kt(r).map((e,t)=>t%2?a`<code>${e}</code>`:e)}_("mqtt-dispatch-doubt",Q);function Gt(r,e){return At(r,e,{hour:"numeric",minute:"2-digit"})}function N(r,e,t){let i={year:"numeric",month:"numeric",day:"numeric"};return At(r,e,i)===At(r,t,i)?Gt(r,e):At(r,e,{weekday:"short",day:"numeric",month:"short",hour:"numeric",minute:"2-digit"})}function Me(r,e){if(e<=0)return"";let t=[[Math.floor(e/86400),"day"],[Math.floor(e%86400/3600),"hour"],[Math.floor(e%3600/60),"minute"],[Math.floor(e%60),"second"]],i=t.findIndex(([n])=>n>0);return t.slice(i,i+2).filter(([n,o])=>n>0&&(o!=="second"||e<600)).map(([n,o])=>new Intl.NumberFormat(r.language,{style:"unit",unit:o,unitDisplay:"short"}).format(n)).join(" ")}function At(r,e,t){let{language:i,time_format:s}=r.locale,n=s==="12"?!0:s==="24"?!1:void 0,o="hour"in t&&n!==void 0?{...t,hour12:n}:t,d=r.config.time_zone;return new Intl.DateTimeFormat(s==="system"?void 0:i,{...o,timeZone:d}).format(e*1e3)}var hi=86400;function Kt(r,e){let t=Date.parse(`${r}T00:00:00Z`)/1e3,i=t-qe(t,e);return t-qe(i,e)}function He(r,e){let t=new Date(Date.parse(`${r}T00:00:00Z`)+hi*1e3);return Kt(t.toISOString().slice(0,10),e)}function qe(r,e){let t=new Intl.DateTimeFormat("en-US",{timeZone:e,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(r*1e3),i=n=>Number(t.find(o=>o.type===n)?.value);return Date.UTC(i("year"),i("month")-1,i("day"),i("hour"),i("minute"),i("second"))/1e3-Math.floor(r)}function Zt(r,e){return new Intl.DateTimeFormat(r.locale.language,{weekday:"long",day:"numeric",month:"long",timeZone:"UTC"}).format(Date.parse(`${e}T12:00:00Z`))}function X(r,e){return e>=10?Me(r,e):new Intl.NumberFormat(r.language,{style:"unit",unit:"second",unitDisplay:"short",maximumFractionDigits:1}).format(Math.max(0,e))}function Jt(r,e,t){return r.callWS({type:`mqtt_dispatch/${e}`,language:r.language,...t})}function Yt(r,e,t,i){let s=r.config.time_zone,{node:n,kind:o,state:d,from:l,to:u}=t;return Jt(r,"history",{device_id:e,limit:50,...n&&{node:n},...o&&{kind:o},...d&&{state:d},...l&&{since:Kt(l,s)},...u&&{until:He(u,s)},...i&&{before:i}})}function Pe(r,e,t){return Jt(r,"command",{device_id:e,command_id:t})}function Oe(r,e){return Jt(r,"plan",{device_id:e})}var E=class{constructor(e,t){this.host=e;this.ask=t;this.error="";this.#t=0;e.addController(this)}#e;#t;hostConnected(){}follow(e){e!==this.#e&&(this.#e=e,this.again())}async again(){this.#t+=1;let e=this.#t;try{let t=await this.ask();if(e!==this.#t)return;this.value=t,this.error=""}catch(t){if(e!==this.#t)return;this.error=L(t)}this.host.requestUpdate()}};var $=class extends k{constructor(){super(...arguments);this.pictures=[];this.now=0;this.still=!1}problem(t){return t.error?a`<section role="alert">
      <p>${t.error}</p>
      <div>
        <button @click=${()=>{t.again()}}>${this.words.say("panel_try_again")}</button>
      </div>
    </section>`:c}stationChoice(t,i){return a`<label
      >${this.words.say("panel_filter_station")}
      <select
        name="station"
        @change=${s=>i(s.target.value)}
      >
        ${this.pictures.map(({station:s})=>a`<option
              value=${s.entry_id}
              ?selected=${s.entry_id===t.station.entry_id}
            >
              ${s.title}
            </option>`)}
      </select></label
    >`}stateOf(t){return this.words.stateOfAttribute("event.command","event_type",t)}};$.styles=[D,y`
      h2 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      section,
      form,
      .panel {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        background: var(--card-background-color);
      }
      .stack {
        display: grid;
        gap: 16px;
      }
      .fields {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: end;
      }
      label {
        display: grid;
        gap: 4px;
        min-width: 0;
        font-size: 0.875rem;
        color: var(--secondary-text-color);
      }
      input,
      select {
        min-height: 44px;
        max-width: 100%;
        padding: 0 8px;
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        background: var(--card-background-color);
        color: var(--primary-text-color);
        color-scheme: light dark;
        font: inherit;
        font-size: 1rem;
      }
      input:focus-visible,
      a:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: 2px;
      }
      a {
        color: var(--primary-text-color);
        text-decoration-color: var(--primary-color);
      }
    `],p([m({attribute:!1})],$.prototype,"hass",2),p([m({attribute:!1})],$.prototype,"words",2),p([m({attribute:!1})],$.prototype,"pictures",2),p([m({type:Number})],$.prototype,"now",2),p([m({type:Boolean})],$.prototype,"still",2);var Ue="/mqtt-dispatch",Qt=["now","history","plan","figures","nodes"],Le=["station","node","kind","state","from","to"];function Xt(r){let[e,t,i]=r.split("/").filter(Boolean);return e==="command"&&t&&/^\d+$/.test(i??"")?{page:"command",entry:decodeURIComponent(t),id:Number(i)}:{page:Qt.find(s=>s===e)??"now"}}function tt(r){return`${Ue}/${r}`}function et(r,e){return`${Ue}/command/${encodeURIComponent(r)}/${e}`}function De(r){let e=new URLSearchParams(r),t=Object.fromEntries(Le.map(i=>[i,e.get(i)??""]));for(let i of["from","to"])/^\d{4}-\d{2}-\d{2}$/.test(t[i]??"")||(t[i]="");return t}function Ne(r){let e=new URLSearchParams;for(let i of Le)r[i]&&e.set(i,r[i]);let t=e.toString();return t?`?${t}`:""}function te(r,e=!1){e?history.replaceState(null,"",r):history.pushState(null,"",r),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:e}}))}function A(r){let e=r.currentTarget;r.button||r.ctrlKey||r.metaKey||r.shiftKey||(r.preventDefault(),te(e.pathname+e.search))}var mi={pending:"panel_step_pending",done:"panel_step_done",unknown:"panel_step_unknown"},it=class extends ${constructor(){super(...arguments);this.entry="";this.command=0;this.told=new E(this,()=>Pe(this.hass,this.picture?.station.device_id??"",this.command))}get picture(){return this.pictures.find(({station:t})=>t.entry_id===this.entry)}willUpdate(t){let{picture:i}=this;if(!i)return;let s=i.commands.open.find(({id:o})=>o===this.command),n=s?0:i.commands.more;this.told.follow(JSON.stringify([this.entry,this.command,this.hass.language,s,n]))}render(){let{words:t,picture:i}=this,s=this.told.value?.id===this.command?this.told.value:void 0;return a`<div class="stack">
      <a href=${tt("history")} @click=${A}>${t.say("panel_back")}</a>
      ${i?c:a`<section><p>${t.say("card_gone")}</p></section>`}
      ${this.problem(this.told)}
      ${s&&i?a`${this.head(s,i)} ${this.steps(s)}`:c}
    </div>`}head(t,i){let{words:s,hass:n,now:o,still:d}=this,l=i.doubts.find(({command_id:g})=>g===t.id),u=t.ended_at===null?null:t.ended_at-t.created_at;return a`<section>
      <h2>${t.in_words}</h2>
      <p>
        ${t.station} · ${this.stateOf(t.state)}${u===null?"":` · ${s.say("panel_after",{time:X(s,u)})}`}
      </p>
      <ul>
        ${t.deliveries.map(g=>a`<li>${fi(g)}</li>`)}
      </ul>
      ${t.finishes?a`<p>
              <a href=${et(this.entry,t.finishes)} @click=${A}
                >${s.say("panel_finishes",{command_id:t.finishes})}</a
              >
            </p>`:c}
      ${l?a`<mqtt-dispatch-doubt
              .hass=${n} .words=${s} .picture=${i} .now=${o} .still=${d}
              .doubt=${l}
            ></mqtt-dispatch-doubt>`:c}
    </section>`}steps(t){let{words:i}=this;return a`<section>
      <h2 id="steps">${i.say("panel_timeline")}</h2>
      <div class="scroll" role="region" aria-labelledby="steps" tabindex="0">
        <table>
          <thead>
            <tr>
              ${["panel_when","panel_later","panel_filter_node","panel_filter_state","panel_why"].map(s=>a`<th scope="col">${i.say(s)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${t.timeline.map((s,n)=>this.step(s,t.timeline[n-1]))}
          </tbody>
        </table>
      </div>
    </section>`}stepState(t){let i=mi[t];return i?this.words.say(i):this.stateOf(t)}step(t,i){let{words:s}=this;return a`<tr>
      <td>${N(this.hass,t.at,this.now)}</td>
      <td>${i?`+${X(s,t.at-i.at)}`:""}</td>
      <td>${t.node??""}</td>
      <td>${this.stepState(t.state)}</td>
      <td>${s.say(`panel_cause_${t.cause}`)}${t.detail?a`: ${t.detail}`:c}</td>
    </tr>`}};it.styles=[...$.styles,y`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        padding: 6px 12px 6px 0;
        border-block-end: 1px solid var(--divider-color);
        text-align: start;
        vertical-align: top;
      }
      th {
        font-weight: 500;
        color: var(--secondary-text-color);
      }
      td:nth-child(-n + 2) {
        white-space: nowrap;
      }
    `],p([m()],it.prototype,"entry",2),p([m({type:Number})],it.prototype,"command",2);function fi(r){return kt(r).map((e,t)=>t%2?a`<code>${e}</code>`:e)}_("mqtt-dispatch-page-command",it);var gi=[[1,"panel_day"],[7,"panel_week"],[30,"panel_month"]],je=[["waited","panel_waited"],["accepted_after","panel_accepted_after"],["done_after","panel_done_after"]],K=200,st=class extends ${constructor(){super(...arguments);this.entry="";this.days=7;this.told=new E(this,()=>Y(this.hass,"get_metrics",{device_id:this.picture?.station.device_id,days:this.days}))}get picture(){return this.pictures.find(({station:t})=>t.entry_id===this.entry)??this.pictures[0]}willUpdate(t){let{picture:i}=this;if(!i)return;let s=i.commands.open.map(({id:n,state:o})=>[n,o]);this.told.follow(JSON.stringify([i.station.entry_id,this.days,s]))}render(){let{words:t,picture:i}=this,{value:s}=this.told;return i?a`<div class="stack">
      ${this.form(i)} ${this.problem(this.told)}
      ${s&&!this.told.error?this.all(s,i):c}
    </div>`:a`<section><p>${t.say("panel_no_station")}</p></section>`}form(t){let{words:i}=this;return a`<form @submit=${s=>s.preventDefault()}>
      <div class="fields">
        ${this.stationChoice(t,s=>{this.entry=s})}
        <label
          >${i.say("panel_period")}
          <select
            name="days"
            @change=${s=>{this.days=Number(s.target.value)}}
          >
            ${gi.map(([s,n])=>a`<option value=${s} ?selected=${s===this.days}>
                  ${i.say(n)}
                </option>`)}
          </select></label
        >
      </div>
    </form>`}all(t,i){let s=new Map(i.nodes.map(({node:d,title:l})=>[d,l])),n=[[i.station.title,t],...Object.entries(t.nodes).map(([d,l])=>[s.get(d)??d,l])],o=Math.max(...n.flatMap(([,d])=>je.map(([l])=>d[l]?.p95??0)));return n.map(([d,l])=>this.block(d,l,o))}block(t,i,s){let{words:n}=this,o=[[n.say("panel_ordered"),i.ordered],[this.stateOf("succeeded"),i.succeeded],[this.stateOf("unconfirmed"),i.unconfirmed],[this.stateOf("failed"),i.failed],[n.say("panel_cause_sent_again"),i.sent_again]];return a`<section>
      <h2>${t}</h2>
      <p>${o.map(([d,l])=>`${d}: ${l}`).join(" · ")}</p>
      <div class="scroll" role="region" aria-label=${t} tabindex="0">
        <table>
          ${i.success_rate===null?c:a`<tr>
                  <th scope="row">${n.say("panel_success_rate")}</th>
                  <td>${yi(i.success_rate/100)}</td>
                  <td>${i.success_rate} %</td>
                </tr>`}
          ${je.map(([d,l])=>{let u=i[d];return!u||u.median===null||u.p95===null?c:a`<tr>
              <th scope="row">${n.say(l)}</th>
              <td>${$i(u.median/s,u.p95/s)}</td>
              <td>
                ${n.say("panel_median",{median:X(n,u.median),p95:X(n,u.p95)})}
              </td>
            </tr>`})}
        </table>
      </div>
    </section>`}};st.styles=[...$.styles,y`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding-block: 4px;
        padding-inline: 0 16px;
        text-align: start;
        font-weight: 400;
        white-space: nowrap;
      }
      svg {
        display: block;
        width: ${K}px;
        height: 16px;
      }
      .track {
        fill: var(--divider-color);
      }
      .good {
        fill: var(--success-color);
      }
      .spread {
        stroke: var(--primary-color);
        stroke-width: 2;
      }
      .median {
        fill: var(--primary-color);
      }
    `],p([w()],st.prototype,"entry",2),p([w()],st.prototype,"days",2);function yi(r){return a`<svg viewBox="0 0 ${K} 16" aria-hidden="true">
    ${jt`<rect class="track" y="4" width=${K} height="8" rx="4"></rect>
      <rect class="good" y="4" width=${K*r} height="8" rx="4"></rect>`}
  </svg>`}function $i(r,e){let t=i=>6+(K-12)*(Number.isFinite(i)?i:0);return a`<svg viewBox="0 0 ${K} 16" aria-hidden="true">
    ${jt`<rect class="track" y="7" width=${K} height="2"></rect>
      <line class="spread" x1=${t(r)} x2=${t(e)} y1="8" y2="8"></line>
      <line class="spread" x1=${t(e)} x2=${t(e)} y1="2" y2="14"></line>
      <circle class="median" cx=${t(r)} cy="8" r="5"></circle>`}
  </svg>`}_("mqtt-dispatch-page-figures",st);var Ie={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},ze=r=>(...e)=>({_$litDirective$:r,values:e}),St=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,i){this._$Ct=e,this._$AM=t,this._$Ci=i}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:vi}=ve,We=r=>r;var Be=()=>document.createComment(""),rt=(r,e,t)=>{let i=r._$AA.parentNode,s=e===void 0?r._$AB:e._$AA;if(t===void 0){let n=i.insertBefore(Be(),s),o=i.insertBefore(Be(),s);t=new vi(n,o,r,r.options)}else{let n=t._$AB.nextSibling,o=t._$AM,d=o!==r;if(d){let l;t._$AQ?.(r),t._$AM=r,t._$AP!==void 0&&(l=r._$AU)!==o._$AU&&t._$AP(l)}if(n!==s||d){let l=t._$AA;for(;l!==n;){let u=We(l).nextSibling;We(i).insertBefore(l,s),l=u}}}return t},j=(r,e,t=r)=>(r._$AI(e,t),r),_i={},Fe=(r,e=_i)=>r._$AH=e,Ve=r=>r._$AH,Tt=r=>{r._$AR(),r._$AA.remove()};var Ge=(r,e,t)=>{let i=new Map;for(let s=e;s<=t;s++)i.set(r[s],s);return i},S=ze(class extends St{constructor(r){if(super(r),r.type!==Ie.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,e,t){let i;t===void 0?t=e:e!==void 0&&(i=e);let s=[],n=[],o=0;for(let d of r)s[o]=i?i(d,o):o,n[o]=t(d,o),o++;return{values:n,keys:s}}render(r,e,t){return this.dt(r,e,t).values}update(r,[e,t,i]){let s=Ve(r),{values:n,keys:o}=this.dt(e,t,i);if(!Array.isArray(s))return this.ut=o,n;let d=this.ut??=[],l=[],u,g,h=0,v=s.length-1,f=0,x=n.length-1;for(;h<=v&&f<=x;)if(s[h]===null)h++;else if(s[v]===null)v--;else if(d[h]===o[f])l[f]=j(s[h],n[f]),h++,f++;else if(d[v]===o[x])l[x]=j(s[v],n[x]),v--,x--;else if(d[h]===o[x])l[x]=j(s[h],n[x]),rt(r,l[x+1],s[h]),h++,x--;else if(d[v]===o[f])l[f]=j(s[v],n[f]),rt(r,s[h],s[v]),v--,f++;else if(u===void 0&&(u=Ge(o,f,x),g=Ge(d,h,v)),u.has(d[h]))if(u.has(d[v])){let C=g.get(o[f]),Mt=C!==void 0?s[C]:null;if(Mt===null){let ie=rt(r,s[h]);j(ie,n[f]),l[f]=ie}else l[f]=j(Mt,n[f]),rt(r,s[h],Mt),s[C]=null;f++}else Tt(s[v]),v--;else Tt(s[h]),h++;for(;f<=x;){let C=rt(r,l[x+1]);j(C,n[f]),l[f++]=C}for(;h<=v;){let C=s[h++];C!==null&&Tt(C)}return this.ut=o,Fe(r,l),H}});var bi=["queued","sent","accepted","unconfirmed","succeeded","failed","rejected","expired","cancelled","superseded"],Ke={station:"panel_filter_station",node:"panel_filter_node",kind:"panel_filter_kind",state:"panel_filter_state",from:"panel_filter_from",to:"panel_filter_to"},I=class extends ${constructor(){super(...arguments);this.more=[];this.next=null;this.refusal="";this.asked=0;this.first=new E(this,async()=>{this.asked+=1;let t=await Yt(this.hass,this.device,this.filters,null);return this.more=[],this.next=t.next,t})}get device(){return this.pictures.find(({station:i})=>i.entry_id===this.filters.station)?.station.device_id??"all"}willUpdate(t){let i=this.pictures.map(({station:s,commands:n})=>[s.entry_id,n.open.map(({id:o,state:d})=>[o,d]),n.more]);this.first.follow(JSON.stringify([this.filters,this.hass.language,i]))}render(){let{value:t}=this.first,i=[...t?.commands??[],...this.more];return a`<div class="stack">
      ${this.form()} ${this.problem(this.first)}
      ${t?this.list(i):c}
    </div>`}list(t){return t.length?a`<section>
      <ul>
        ${S(t,i=>`${i.entry_id} ${i.id}`,i=>this.row(i))}
      </ul>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      ${this.next?a`<div>
              <button @click=${this.older}>${this.words.say("panel_older")}</button>
            </div>`:c}
    </section>`:a`<section><p>${this.words.say("panel_no_command")}</p></section>`}row(t){return a`<li>
      <a href=${et(t.entry_id,t.id)} @click=${A}>${t.in_words}</a>
      <span class="state">${this.stateOf(t.state)}</span>
      <span class="quiet">${t.station} · ${t.nodes.join(", ")}</span>
      <span class="quiet state">${N(this.hass,t.created_at,this.now)}</span>
    </li>`}form(){let{filters:t,words:i,pictures:s}=this,o=s.filter(({station:l})=>l.entry_id===t.station).flatMap(l=>l.nodes),d=new Map((this.first.value?.commands??[]).map(({kind:l,kind_in_words:u})=>[l,u]));return t.kind&&!d.has(t.kind)&&d.set(t.kind,t.kind),a`<form aria-label=${i.say("panel_filters")} @submit=${l=>l.preventDefault()}>
      <div class="fields">
        ${this.choice("station",s.map(({station:l})=>[l.entry_id,l.title]))}
        ${o.length>1?this.choice("node",o.map(({node:l,title:u})=>[l,u])):c}
        ${this.choice("kind",[...d])}
        ${this.choice("state",bi.map(l=>[l,this.stateOf(l)]))}
        ${this.day("from")} ${this.day("to")}
      </div>
    </form>`}choice(t,i){let{filters:s,words:n}=this;return a`<label
      >${n.say(Ke[t])}
      <select
        name=${t}
        @change=${o=>this.filter(t,o.target.value)}
      >
        <option value="" ?selected=${!s[t]}>${n.say("panel_any")}</option>
        ${i.map(([o,d])=>a`<option value=${o} ?selected=${s[t]===o}>${d}</option>`)}
      </select></label
    >`}day(t){return a`<label
      >${this.words.say(Ke[t])}
      <input
        type="date"
        name=${t}
        .value=${this.filters[t]}
        @change=${i=>this.filter(t,i.target.value)}
      /></label
    >`}filter(t,i){let s={...this.filters,[t]:i};t==="station"&&(s.node=""),te(tt("history")+Ne(s),!0)}async older(){let{asked:t}=this;try{let i=await Yt(this.hass,this.device,this.filters,this.next);if(t!==this.asked)return;this.more=[...this.more,...i.commands],this.next=i.next,this.refusal=""}catch(i){this.refusal=L(i)}}};I.styles=[...$.styles,y`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 16px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
      li:last-child {
        border-block-end: 0;
      }
      .state {
        text-align: end;
      }
      a {
        display: inline-block;
        padding-block: 4px;
      }
    `],p([m({attribute:!1})],I.prototype,"filters",2),p([w()],I.prototype,"more",2),p([w()],I.prototype,"next",2),p([w()],I.prototype,"refusal",2);_("mqtt-dispatch-page-history",I);var wi="https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/node.md",xi={here:"panel_here",awaited:"panel_awaited",gone:"panel_gone"},Et=class extends ${render(){let{words:e}=this;return a`<div class="stack">
      ${S(this.pictures,({station:t})=>t.entry_id,t=>this.station(t))}
      <section>
        <h2>${e.say("panel_first_node")}</h2>
        <p>${e.say("panel_first_node_text")}</p>
        <p>
          <a href=${wi} target="_blank" rel="noreferrer">${e.say("panel_guide")}</a>
        </p>
      </section>
    </div>`}station({station:e,nodes:t}){return a`<section>
      <h2>${e.title}</h2>
      <p class="quiet">${e.protocol_in_words}</p>
      ${t.length?c:a`<p>${this.words.say("panel_no_node")}</p>`}
      <ul>
        ${S(t,({node:i})=>i,i=>this.node(i))}
      </ul>
    </section>`}node(e){let{words:t,hass:i,now:s}=this,n=e.ready===null?"":t.state("binary_sensor.ready",e.ready?"on":"off");return a`<li>
      ${e.device_id?a`<a href=${`/config/devices/device/${e.device_id}`} @click=${A}
              >${e.title}</a
            >`:a`<span>${e.title}</span>`}
      <span>${[t.say(xi[e.presence]),n].filter(Boolean).join(" · ")}</span>
      ${e.why_in_words?a`<span class="quiet">${e.why_in_words}</span>`:c}
      <span class="quiet"
        >${e.last_seen===null?t.say("panel_never_seen"):t.say("panel_last_seen",{time:N(i,e.last_seen,s)})}</span
      >
    </li>`}};Et.styles=[...$.styles,y`
      li {
        display: grid;
        gap: 2px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
      li:last-child {
        border-block-end: 0;
      }
    `];_("mqtt-dispatch-page-nodes",Et);var Z=class extends b{render(){let{pause:e,plan_pause:t}=this.picture.station,{say:i}=this.words;return a`
      <div class="wrap">
        ${e||t?a`<button ?disabled=${this.held} @click=${this.resume}>
                ${i("card_resume")}
              </button>`:a`<button ?disabled=${this.held} @click=${()=>this.dialog.ask()}>
                ${i("card_pause")}
              </button>`}
      </div>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        .heading=${i("card_pause")}
        .action=${i("card_pause")}
        .back=${i("card_back")}
        @confirmed=${this.pause}
      >
        <label
          >${i("card_pause_what")}
          <select id="what">
            <option value="station">${i("card_pause_station")}</option>
            <option value="plan">${i("card_pause_plan")}</option>
          </select></label
        >
        <label
          >${i("card_how_long")}
          <select id="long">
            <option value="01:00:00">${i("card_for_hour")}</option>
            <option value="24:00:00">${i("card_for_day")}</option>
            <option value="">${i("card_until_resumed")}</option>
          </select></label
        >
      </mqtt-dispatch-confirm>
    `}pause(){let e=this.long.value;this.order("pause",{what:this.what.value,...e?{for:e}:{}})}async resume(){let{pause:e,plan_pause:t}=this.picture.station;e&&!await this.order("resume",{what:"station"})||t&&await this.order("resume",{what:"plan"})}};Z.styles=[...b.styles,y`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `],p([T("mqtt-dispatch-confirm")],Z.prototype,"dialog",2),p([T("#what")],Z.prototype,"what",2),p([T("#long")],Z.prototype,"long",2);_("mqtt-dispatch-pause",Z);var Rt=class extends b{render(){let e=Re(this.picture),{more:t}=this.picture.commands;return a`
      <h3>${this.words.say("card_queue")}</h3>
      ${e.length?c:a`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${e.map(i=>this.command(i))}
      </ul>
      ${t?a`<p class="quiet">
              ${this.words.say(t===1?"one_more":"more",{number:t})}
            </p>`:c}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
    `}command(e){let t=e.waits_in_words!==null;return a`<li>
      <div class="row">
        <ha-icon .icon=${t?"mdi:clock-outline":"mdi:progress-clock"}></ha-icon>
        <span class="grow">${e.in_words}</span>
        ${e.may.includes("cancel")?a`<button
                ?disabled=${this.still}
                aria-label=${this.words.say("card_cancel",{command_id:e.id})}
                @click=${()=>this.order("cancel_command",{command_id:e.id})}
              >
                <ha-icon icon="mdi:close"></ha-icon>
              </button>`:c}
      </div>
      ${Ce(e).map(i=>a`<p class="quiet wait">${i}</p>`)}
    </li>`}};Rt.styles=[...b.styles,y`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `];_("mqtt-dispatch-queue",Rt);var Ct=class extends b{render(){let{station:e}=this.picture,{icon:t,tone:i}=Te(this.picture);return a`
      <div class="row">
        <ha-icon class=${i} .icon=${t}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map(s=>a`<p class="quiet" role="alert">${s}</p>`)}
      ${this.unready()}
      ${e.last_fed===null?c:a`<p class="quiet">
              ${this.words.say("card_last_fed",{time:N(this.hass,e.last_fed,this.now)})}
              · ${this.words.say("card_portions_today",{number:e.portions_today})}
            </p>`}
    `}line(){let{status:e,ready:t}=this.picture.station,i=this.words.state("sensor.status",e);return t===null?i:`${this.words.state("binary_sensor.ready",t?"on":"off")} · ${i}`}troubles(){let{pause:e,plan_pause:t,storage_ok:i,overdue:s}=this.picture.station,n=[e,t].map(o=>o?.in_words??"");return[i?"":this.words.say("card_storage"),...n,...s].filter(Boolean)}unready(){let e=this.picture.nodes.map(t=>t.why_in_words).filter(t=>t);return e.length?a`<ul class="quiet">
      ${e.map(t=>a`<li>${t}</li>`)}
    </ul>`:c}more(){let{status:e}=this.picture.station.entities;e&&xe(this,e)}};Ct.styles=[...b.styles,y`
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
    `];_("mqtt-dispatch-status",Ct);var ee=class extends ${render(){return this.pictures.length?a`<div class="stack">
      ${S(this.pictures,e=>e.station.entry_id,e=>a`<mqtt-dispatch-now-station
          .hass=${this.hass} .words=${this.words} .picture=${e}
          .now=${Math.floor(this.now/60)*60} .still=${this.still}
        ></mqtt-dispatch-now-station>`)}
    </div>`:a`<section><p>${this.words.say("panel_no_station")}</p></section>`}},O=class extends k{constructor(){super(...arguments);this.now=0;this.still=!1}render(){let{hass:t,words:i,picture:s,now:n,still:o}=this,{station:d,doubts:l,commands:u}=s;return a`<section aria-labelledby="title">
      <h2 id="title">${d.title}</h2>
      <mqtt-dispatch-status
        .hass=${t} .words=${i} .picture=${s} .now=${n} .still=${o}
      ></mqtt-dispatch-status>
      ${S(l,g=>g.command_id,g=>a`<mqtt-dispatch-doubt
          .hass=${t} .words=${i} .picture=${s} .now=${n} .still=${o}
          .doubt=${g}
        ></mqtt-dispatch-doubt>`)}
      ${u.open.length?a`<mqtt-dispatch-queue
              .hass=${t} .words=${i} .picture=${s} .now=${n} .still=${o}
            ></mqtt-dispatch-queue>`:c}
      <mqtt-dispatch-pause
        .hass=${t} .words=${i} .picture=${s} .now=${n} .still=${o}
      ></mqtt-dispatch-pause>
    </section>`}};O.styles=$.styles,p([m({attribute:!1,hasChanged:()=>!1})],O.prototype,"hass",2),p([m({attribute:!1})],O.prototype,"words",2),p([m({attribute:!1})],O.prototype,"picture",2),p([m({type:Number})],O.prototype,"now",2),p([m({type:Boolean})],O.prototype,"still",2);_("mqtt-dispatch-now-station",O);_("mqtt-dispatch-page-now",ee);var U=class extends ${constructor(){super(...arguments);this.entry="";this.refusal="";this.doing=!1;this.told=new E(this,()=>Oe(this.hass,this.picture?.station.device_id??""));this.add=async t=>{t.preventDefault();let i=t.target,s=new FormData(i),n=String(s.get("name")??"").trim();await this.change("schedule",{...n&&{name:n},time:s.get("time"),portions:Number(s.get("portions"))})&&i.reset()}}get picture(){let{pictures:t}=this;return t.find(({station:i})=>i.entry_id===this.entry)??t.find(({meals:i})=>i.planned)??t.find(({feeding:i})=>i)??t[0]}get held(){return this.still||this.doing||!this.told.value?.may_control}willUpdate(t){let{picture:i}=this;if(!i)return;let{station:s,meals:n}=i;this.told.follow(JSON.stringify([s.entry_id,s.plan_pause,this.hass.language,n]))}render(){let{words:t,picture:i}=this,{value:s}=this.told;return i?a`<div class="stack">
      ${this.choice(i)} ${this.problem(this.told)}
      ${this.refusal?a`<section role="alert"><p>${this.refusal}</p></section>`:c}
      ${i.station.plan_pause?a`<section><p>${i.station.plan_pause.in_words}</p></section>`:c}
      ${s?a`${this.days(s,i)} ${this.meals(s)}`:c}
      ${s&&i.feeding?.whole_station?this.put(i):c}
      <mqtt-dispatch-confirm
        risky
        .heading=${t.say("panel_remove")}
        .action=${t.say("panel_remove")}
        .back=${t.say("card_back")}
        @confirmed=${()=>this.removing&&void this.change("unschedule",{meal_id:this.removing.meal_id})}
        ><p>${this.removing?.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`:a`<section><p>${t.say("panel_no_station")}</p></section>`}choice(t){return a`<form @submit=${i=>i.preventDefault()}>
      ${this.stationChoice(t,i=>{this.entry=i,this.refusal=""})}
    </form>`}days(t,i){let s=new Map;for(let n of t.dates)s.set(n.date,[...s.get(n.date)??[],n]);return s.size?a`<div class="days">
      ${S(s,([n])=>n,([n,o])=>a`<section>
          <h2>${Zt(this.hass,n)}</h2>
          <ul>
            ${o.map(d=>this.date(d,i))}
          </ul>
        </section>`)}
    </div>`:a`<section><p>${this.words.say("card_no_next")}</p></section>`}date(t,i){let{words:s}=this,n=Ee(t.state),o=Gt(this.hass,t.at),d={meal:t.title,clock:o};return a`<li>
      <div class="row">
        <ha-icon class=${n.tone} .icon=${n.icon}></ha-icon>
        <span class="grow"
          >${o} ${t.in_words}
          <span class="quiet"
            >${t.node?`${t.node} · `:""}${t.command_id?a`<a
                    href=${et(i.station.entry_id,t.command_id)}
                    @click=${A}
                    >${s.say(n.word)}</a
                  >`:s.say(n.word)}${t.why?a` · ${t.why}`:c}</span
          ></span
        >
        ${t.may.map(l=>a`<button
            ?disabled=${this.held}
            aria-label=${`${s.say(l==="skip"?"card_skip_short":"card_undo")}: ${s.say(`card_${l}`,d)}, ${Zt(this.hass,t.date)}`}
            @click=${()=>this.change(`${l}_meal`,{meal_id:t.meal_id,date:t.date})}
          >
            ${s.say(l==="skip"?"card_skip_short":"card_undo")}
          </button>`)}
      </div>
    </li>`}meals(t){let{words:i}=this;return t.meals.length?a`<section aria-labelledby="meals">
      <h2 id="meals">${i.say("panel_every_meal")}</h2>
      <ul>
        ${S(t.meals,s=>s.meal_id,s=>a`<li>
            <form aria-label=${s.in_words} @submit=${n=>this.move(n,s)}>
              <p>${s.in_words}</p>
              <div class="fields">
                ${s.time?a`<label
                          >${i.say("panel_time")}
                          <input name="time" type="time" required .value=${s.time.slice(0,5)} ?disabled=${this.held}
                        /></label>
                        <button ?disabled=${this.held}>${i.say("panel_move")}</button>`:c}
                <button
                  type="button"
                  ?disabled=${this.held}
                  @click=${()=>{this.removing=s,this.dialog.ask()}}
                >
                  ${i.say("panel_remove")}
                </button>
              </div>
            </form>
          </li>`)}
      </ul>
    </section>`:c}put(t){let{words:i}=this,{minimum:s=1,maximum:n=50}=t.feeding??{};return a`<form aria-labelledby="put" @submit=${this.add}>
      <h2 id="put">${i.say("panel_put")}</h2>
      <div class="fields">
        <label>${i.say("panel_name")} <input name="name" maxlength="100" ?disabled=${this.held} /></label>
        <label
          >${i.say("panel_time")}
          <input name="time" type="time" required ?disabled=${this.held}
        /></label>
        <label
          >${i.say("panel_portions")}
          <input
            name="portions" type="number" required
            min=${s} max=${n} value=${s} ?disabled=${this.held}
        /></label>
        <button ?disabled=${this.held}>${i.say("panel_put_daily")}</button>
      </div>
    </form>`}move(t,i){t.preventDefault();let s=new FormData(t.target).get("time");this.change("schedule",{meal_id:i.meal_id,time:s})}async change(t,i){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await Y(this.hass,t,{device_id:this.picture?.station.device_id,...i}),this.told.again(),!0}catch(s){return this.refusal=L(s),!1}finally{this.doing=!1}}};U.styles=[...$.styles,y`
      .days {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 16px;
      }
      li {
        padding-block: 4px;
      }
      .days h2 {
        font-size: 1rem;
      }
      section form {
        padding: 0;
        border: 0;
      }
    `],p([w()],U.prototype,"entry",2),p([w()],U.prototype,"refusal",2),p([w()],U.prototype,"doing",2),p([w()],U.prototype,"removing",2),p([T("mqtt-dispatch-confirm")],U.prototype,"dialog",2);_("mqtt-dispatch-page-plan",U);var ki={now:"panel_now",history:"panel_history",plan:"panel_plan",figures:"panel_figures",nodes:"panel_nodes"},R=class extends k{constructor(){super(...arguments);this.narrow=!1;this.outdated=!1;this.ahead=0;this.live=new xt(this,()=>this.hass?we("all",this.hass.language):void 0,t=>this.take(t));this.moved=()=>this.requestUpdate()}connectedCallback(){super.connectedCallback(),window.addEventListener("location-changed",this.moved),window.addEventListener("popstate",this.moved),this.ticking=setInterval(()=>document.hidden||this.requestUpdate(),6e4)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("location-changed",this.moved),window.removeEventListener("popstate",this.moved),clearInterval(this.ticking)}shouldUpdate(t){if(t.size!==1||!t.has("hass"))return!0;let i=t.get("hass"),{hass:s}=this;return i?.language!==s?.language||i?.locale!==s?.locale||i?.connection!==s?.connection||i?.config!==s?.config}willUpdate(t){if(!t.has("hass")||!this.hass)return;this.live.hass=this.hass;let i=t.get("hass");i?.language!==this.hass.language&&(i&&this.live.restart(),this.speak(this.hass))}render(){let{hass:t,words:i}=this;if(!t||!i)return c;let s=Xt(this.route?.path??""),n=s.page==="command"?"history":s.page;return a`
      <header>
        <div class="bar">${this.menu(t)}<h1>MQTT Dispatch</h1></div>
        <nav aria-label="MQTT Dispatch">
          ${Qt.map(o=>a`<a
              href=${tt(o)}
              aria-current=${o===n?"page":c}
              @click=${A}
              >${i.say(ki[o])}</a
            >`)}
        </nav>
      </header>
      <main>
        ${this.notes(i)}
        ${this.seen?a`<div class=${this.live.error?"old":""}>${this.page(t,i)}</div>`:c}
      </main>
    `}menu(t){return customElements.get("ha-menu-button")?a`<ha-menu-button .hass=${t} .narrow=${this.narrow}></ha-menu-button>`:a`<button class="menu" aria-label="Menu" @click=${()=>Bt(this,"hass-toggle-menu")}>
      <ha-icon icon="mdi:menu"></ha-icon>
    </button>`}notes(t){let{error:i}=this.live,s=[];if(i){let n=this.hass?.config.state,o=n!==void 0&&n!=="RUNNING",d=i.message??String(i.code??"");s.push(t.say(o?"card_starting":"card_not_shown",{reason:d}))}this.outdated&&s.push(t.say("card_updated"));for(let n of this.seen?.values()??[])zt(n)||Wt(n)||s.push(t.say("card_not_loaded",{station:n.station.title}));return s.map(n=>a`<p class="note" role="alert">${n}</p>`)}page(t,i){let s=Xt(this.route?.path??""),n=this.pictures(),o=Date.now()/1e3+this.ahead,d=!!this.live.error;switch(s.page){case"now":return a`<mqtt-dispatch-page-now
          .hass=${t} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-now>`;case"history":return a`<mqtt-dispatch-page-history
          .hass=${t} .words=${i} .pictures=${n} .now=${o} .still=${d}
          .filters=${De(location.search)}
        ></mqtt-dispatch-page-history>`;case"plan":return a`<mqtt-dispatch-page-plan
          .hass=${t} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-plan>`;case"figures":return a`<mqtt-dispatch-page-figures
          .hass=${t} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-figures>`;case"nodes":return a`<mqtt-dispatch-page-nodes
          .hass=${t} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-nodes>`;case"command":return a`<mqtt-dispatch-page-command
          .hass=${t} .words=${i} .pictures=${n} .now=${o} .still=${d}
          .entry=${s.entry} .command=${s.id}
        ></mqtt-dispatch-page-command>`}}pictures(){return[...this.seen?.values()??[]].filter(Wt).sort((t,i)=>t.station.title.localeCompare(i.station.title))}take(t){this.ahead=t.now-Date.now()/1e3,this.outdated=t.version!=="0.1.0";let i=new Map(this.seen);for(let s of t.pictures)zt(s)?i.delete(s.gone):i.set(s.station.entry_id,s);this.seen=i}async speak(t){try{this.words=await ke(t)}catch{setTimeout(()=>this.isConnected&&this.hass&&void this.speak(this.hass),2e3)}}};R.styles=[D,y`
      :host {
        min-height: 100vh;
        background: var(--primary-background-color);
      }
      header {
        position: sticky;
        top: 0;
        z-index: 2;
        background: var(--app-header-background-color, var(--primary-color));
        color: var(--app-header-text-color, #fff);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: var(--header-height, 56px);
        padding-inline: 8px 16px;
      }
      h1 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 400;
      }
      nav {
        display: flex;
        overflow-x: auto;
        padding-inline: 8px;
      }
      nav a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        padding-inline: 12px;
        border-block-end: 3px solid transparent;
        color: inherit;
        text-decoration: none;
        white-space: nowrap;
      }
      nav a[aria-current] {
        border-block-end-color: currentcolor;
        font-weight: 500;
      }
      nav a:focus-visible {
        outline: 2px solid currentcolor;
        outline-offset: -4px;
      }
      main {
        display: grid;
        gap: 16px;
        max-width: 1040px;
        margin-inline: auto;
        padding: 16px;
      }
      .old {
        opacity: 0.6;
      }
      .note {
        padding: 12px 16px;
        border-radius: 12px;
        background: var(--card-background-color);
        border-inline-start: 4px solid var(--warning-color);
      }
      .menu {
        border: 0;
        color: inherit;
      }
      @media (max-width: 400px) {
        main {
          padding: 8px;
        }
      }
    `],p([m({attribute:!1})],R.prototype,"hass",2),p([m({type:Boolean,reflect:!0})],R.prototype,"narrow",2),p([m({attribute:!1})],R.prototype,"route",2),p([w()],R.prototype,"words",2),p([w()],R.prototype,"outdated",2),p([w()],R.prototype,"seen",2);_("mqtt-dispatch-panel",R);
