var ns=Object.defineProperty;var os=Object.getOwnPropertyDescriptor;var c=(r,e,t,s)=>{for(var i=s>1?void 0:s?os(e,t):e,n=r.length-1,o;n>=0;n--)(o=r[n])&&(i=(s?o(e,t,i):o(i))||i);return s&&i&&ns(e,t,i),i};var $t=globalThis,vt=$t.ShadowRoot&&($t.ShadyCSS===void 0||$t.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Lt=Symbol(),de=new WeakMap,dt=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==Lt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(vt&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=de.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&de.set(t,e))}return e}toString(){return this.cssText}},ce=r=>new dt(typeof r=="string"?r:r+"",void 0,Lt),f=(r,...e)=>{let t=r.length===1?r[0]:e.reduce((s,i,n)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+r[n+1],r[0]);return new dt(t,r,Lt)},pe=(r,e)=>{if(vt)r.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=$t.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,r.appendChild(s)}},Dt=vt?r=>r:r=>r instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return ce(t)})(r):r;var{is:as,defineProperty:ls,getOwnPropertyDescriptor:ds,getOwnPropertyNames:cs,getOwnPropertySymbols:ps,getPrototypeOf:hs}=Object,_t=globalThis,he=_t.trustedTypes,us=he?he.emptyScript:"",ms=_t.reactiveElementPolyfillSupport,ct=(r,e)=>r,pt={toAttribute(r,e){switch(e){case Boolean:r=r?us:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,e){let t=r;switch(e){case Boolean:t=r!==null;break;case Number:t=r===null?null:Number(r);break;case Object:case Array:try{t=JSON.parse(r)}catch{t=null}}return t}},bt=(r,e)=>!as(r,e),ue={attribute:!0,type:String,converter:pt,reflect:!1,useDefault:!1,hasChanged:bt};Symbol.metadata??=Symbol("metadata"),_t.litPropertyMetadata??=new WeakMap;var P=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ue){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&ls(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:n}=ds(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let d=i?.call(this);n?.call(this,o),this.requestUpdate(e,d,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ue}static _$Ei(){if(this.hasOwnProperty(ct("elementProperties")))return;let e=hs(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ct("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ct("properties"))){let t=this.properties,s=[...cs(t),...ps(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(Dt(i))}else e!==void 0&&t.push(Dt(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return pe(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let n=(s.converter?.toAttribute!==void 0?s.converter:pt).toAttribute(t,s.type);this._$Em=e,n==null?this.removeAttribute(i):this.setAttribute(i,n),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let n=s.getPropertyOptions(i),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:pt;this._$Em=i;let d=o.fromAttribute(t,n.type);this[i]=d??this._$Ej?.get(i)??d,this._$Em=null}}requestUpdate(e,t,s,i=!1,n){if(e!==void 0){let o=this.constructor;if(i===!1&&(n=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??bt)(n,t)||s.useDefault&&s.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:n},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),n!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,n]of this._$Ep)this[i]=n;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,n]of s){let{wrapped:o}=n,d=this[i];o!==!0||this._$AL.has(i)||d===void 0||this.C(i,void 0,n,d)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};P.elementStyles=[],P.shadowRootOptions={mode:"open"},P[ct("elementProperties")]=new Map,P[ct("finalized")]=new Map,ms?.({ReactiveElement:P}),(_t.reactiveElementVersions??=[]).push("2.1.2");var Nt=globalThis,me=r=>r,wt=Nt.trustedTypes,fe=wt?wt.createPolicy("lit-html",{createHTML:r=>r}):void 0,Wt="$lit$",O=`lit$${Math.random().toFixed(9).slice(2)}$`,It="?"+O,fs=`<${It}>`,J=document,ut=()=>J.createComment(""),mt=r=>r===null||typeof r!="object"&&typeof r!="function",zt=Array.isArray,be=r=>zt(r)||typeof r?.[Symbol.iterator]=="function",jt=`[ 	
\f\r]`,ht=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ge=/-->/g,ye=/>/g,V=RegExp(`>|${jt}(?:([^\\s"'>=/]+)(${jt}*=${jt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),$e=/'/g,ve=/"/g,we=/^(?:script|style|textarea|title)$/i,Ft=r=>(e,...t)=>({_$litType$:r,strings:e,values:t}),a=Ft(1),Bt=Ft(2),Fs=Ft(3),U=Symbol.for("lit-noChange"),p=Symbol.for("lit-nothing"),_e=new WeakMap,G=J.createTreeWalker(J,129);function xe(r,e){if(!zt(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return fe!==void 0?fe.createHTML(e):e}var ke=(r,e)=>{let t=r.length-1,s=[],i,n=e===2?"<svg>":e===3?"<math>":"",o=ht;for(let d=0;d<t;d++){let l=r[d],u,$,m=-1,_=0;for(;_<l.length&&(o.lastIndex=_,$=o.exec(l),$!==null);)_=o.lastIndex,o===ht?$[1]==="!--"?o=ge:$[1]!==void 0?o=ye:$[2]!==void 0?(we.test($[2])&&(i=RegExp("</"+$[2],"g")),o=V):$[3]!==void 0&&(o=V):o===V?$[0]===">"?(o=i??ht,m=-1):$[1]===void 0?m=-2:(m=o.lastIndex-$[2].length,u=$[1],o=$[3]===void 0?V:$[3]==='"'?ve:$e):o===ve||o===$e?o=V:o===ge||o===ye?o=ht:(o=V,i=void 0);let v=o===V&&r[d+1].startsWith("/>")?" ":"";n+=o===ht?l+fs:m>=0?(s.push(u),l.slice(0,m)+Wt+l.slice(m)+O+v):l+O+(m===-2?d:v)}return[xe(r,n+(r[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},ft=class r{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let n=0,o=0,d=e.length-1,l=this.parts,[u,$]=ke(e,t);if(this.el=r.createElement(u,s),G.currentNode=this.el.content,t===2||t===3){let m=this.el.content.firstChild;m.replaceWith(...m.childNodes)}for(;(i=G.nextNode())!==null&&l.length<d;){if(i.nodeType===1){if(i.hasAttributes())for(let m of i.getAttributeNames())if(m.endsWith(Wt)){let _=$[o++],v=i.getAttribute(m).split(O),k=/([.?@])?(.*)/.exec(_);l.push({type:1,index:n,name:k[2],strings:v,ctor:k[1]==="."?kt:k[1]==="?"?Tt:k[1]==="@"?St:Z}),i.removeAttribute(m)}else m.startsWith(O)&&(l.push({type:6,index:n}),i.removeAttribute(m));if(we.test(i.tagName)){let m=i.textContent.split(O),_=m.length-1;if(_>0){i.textContent=wt?wt.emptyScript:"";for(let v=0;v<_;v++)i.append(m[v],ut()),G.nextNode(),l.push({type:2,index:++n});i.append(m[_],ut())}}}else if(i.nodeType===8)if(i.data===It)l.push({type:2,index:n});else{let m=-1;for(;(m=i.data.indexOf(O,m+1))!==-1;)l.push({type:7,index:n}),m+=O.length-1}n++}}static createElement(e,t){let s=J.createElement("template");return s.innerHTML=e,s}};function K(r,e,t=r,s){if(e===U)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,n=mt(e)?void 0:e._$litDirective$;return i?.constructor!==n&&(i?._$AO?.(!1),n===void 0?i=void 0:(i=new n(r),i._$AT(r,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=K(r,i._$AS(r,e.values),i,s)),e}var xt=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??J).importNode(t,!0);G.currentNode=i;let n=G.nextNode(),o=0,d=0,l=s[0];for(;l!==void 0;){if(o===l.index){let u;l.type===2?u=new tt(n,n.nextSibling,this,e):l.type===1?u=new l.ctor(n,l.name,l.strings,this,e):l.type===6&&(u=new At(n,this,e)),this._$AV.push(u),l=s[++d]}o!==l?.index&&(n=G.nextNode(),o++)}return G.currentNode=J,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},tt=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=p,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=K(this,e,t),mt(e)?e===p||e==null||e===""?(this._$AH!==p&&this._$AR(),this._$AH=p):e!==this._$AH&&e!==U&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):be(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==p&&mt(this._$AH)?this._$AA.nextSibling.data=e:this.T(J.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=ft.createElement(xe(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let n=new xt(i,this),o=n.u(this.options);n.p(t),this.T(o),this._$AH=n}}_$AC(e){let t=_e.get(e.strings);return t===void 0&&_e.set(e.strings,t=new ft(e)),t}k(e){zt(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let n of e)i===t.length?t.push(s=new r(this.O(ut()),this.O(ut()),this,this.options)):s=t[i],s._$AI(n),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=me(e).nextSibling;me(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Z=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,n){this.type=1,this._$AH=p,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=n,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=p}_$AI(e,t=this,s,i){let n=this.strings,o=!1;if(n===void 0)e=K(this,e,t,0),o=!mt(e)||e!==this._$AH&&e!==U,o&&(this._$AH=e);else{let d=e,l,u;for(e=n[0],l=0;l<n.length-1;l++)u=K(this,d[s+l],t,l),u===U&&(u=this._$AH[l]),o||=!mt(u)||u!==this._$AH[l],u===p?e=p:e!==p&&(e+=(u??"")+n[l+1]),this._$AH[l]=u}o&&!i&&this.j(e)}j(e){e===p?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},kt=class extends Z{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===p?void 0:e}},Tt=class extends Z{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==p)}},St=class extends Z{constructor(e,t,s,i,n){super(e,t,s,i,n),this.type=5}_$AI(e,t=this){if((e=K(this,e,t,0)??p)===U)return;let s=this._$AH,i=e===p&&s!==p||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,n=e!==p&&(s===p||i);i&&this.element.removeEventListener(this.name,this,s),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},At=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){K(this,e)}},Te={M:Wt,P:O,A:It,C:1,L:ke,R:xt,D:be,V:K,I:tt,H:Z,N:Tt,U:St,B:kt,F:At},gs=Nt.litHtmlPolyfillSupport;gs?.(ft,tt),(Nt.litHtmlVersions??=[]).push("3.3.3");var Se=(r,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let n=t?.renderBefore??null;s._$litPart$=i=new tt(e.insertBefore(ut(),n),n,void 0,t??{})}return i._$AI(r),i};var Vt=globalThis,b=class extends P{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Se(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return U}};b._$litElement$=!0,b.finalized=!0,Vt.litElementHydrateSupport?.({LitElement:b});var ys=Vt.litElementPolyfillSupport;ys?.({LitElement:b});(Vt.litElementVersions??=[]).push("4.2.2");var $s={attribute:!0,type:String,converter:pt,reflect:!1,hasChanged:bt},vs=(r=$s,e,t)=>{let{kind:s,metadata:i}=t,n=globalThis.litPropertyMetadata.get(i);if(n===void 0&&globalThis.litPropertyMetadata.set(i,n=new Map),s==="setter"&&((r=Object.create(r)).wrapped=!0),n.set(t.name,r),s==="accessor"){let{name:o}=t;return{set(d){let l=e.get.call(this);e.set.call(this,d),this.requestUpdate(o,l,r,!0,d)},init(d){return d!==void 0&&this.C(o,void 0,r,d),d}}}if(s==="setter"){let{name:o}=t;return function(d){let l=this[o];e.call(this,d),this.requestUpdate(o,l,r,!0,d)}}throw Error("Unsupported decorator location: "+s)};function h(r){return(e,t)=>typeof t=="object"?vs(r,e,t):((s,i,n)=>{let o=i.hasOwnProperty(n);return i.constructor.createProperty(n,s),o?Object.getOwnPropertyDescriptor(i,n):void 0})(r,e,t)}function w(r){return h({...r,state:!0,attribute:!1})}var Y=(r,e,t)=>(t.configurable=!0,t.enumerable=!0,Reflect.decorate&&typeof e!="object"&&Object.defineProperty(r,e,t),t);function S(r,e){return(t,s,i)=>{let n=o=>o.renderRoot?.querySelector(r)??null;if(e){let{get:o,set:d}=typeof s=="object"?t:i??(()=>{let l=Symbol();return{get(){return this[l]},set(u){this[l]=u}}})();return Y(t,s,{get(){let l=o.call(this);return l===void 0&&(l=n(this),(l!==null||this.hasUpdated)&&d.call(this,l)),l}})}return Y(t,s,{get(){return n(this)}})}}var Gt="mqtt_dispatch";function Jt(r){return"gone"in r}function Kt(r){return"station"in r&&r.station.loaded}var _s=300;async function Ae(r,e,t){let{path:s}=await r.callWS({type:`${Gt}/history_file`,device_id:e,...t});return(await r.callWS({type:"auth/sign_path",path:s,expires:_s})).path}function Ee(r,e){return{type:`${Gt}/subscribe`,device_id:r,language:e}}async function et(r,e,t){return(await r.callService(Gt,e,t,void 0,!1,!0)).response}function R(r){let{message:e}=r??{};return e||String(r)}function y(r,e){customElements.get(r)||customElements.define(r,e)}function Zt(r,e,t={}){r.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,composed:!0}))}function Re(r,e){Zt(r,"hass-more-info",{entityId:e})}var Et=class{constructor(e,t,s){this.host=e;this.message=t;this.told=s;e.addController(this)}#e;#t;#n;#i=0;#s=!1;set hass(e){e?.connection!==this.#e&&(this.#l(),this.#e=e?.connection,this.#s&&this.#a())}hostConnected(){this.#s=!0,this.#a()}hostDisconnected(){this.#s=!1,this.#l()}restart(){this.#d(),this.#i=0,this.#s&&this.#r()}#o=()=>this.restart();#a(){this.#e?.addEventListener("ready",this.#o),this.#r()}#l(){this.#e?.removeEventListener("ready",this.#o),this.#d()}#d(){clearTimeout(this.#n),this.#t?.then(e=>e()).catch(()=>{}),this.#t=void 0}#r(){let e=this.message();if(this.#t||!this.#e||!e)return;let t=!0,s=this.#e.subscribeMessage(i=>{this.#t===s&&(this.#i=0,this.error=void 0,this.told(i,t),t=!1,this.host.requestUpdate())},e,{resubscribe:!1});this.#t=s,s.catch(i=>{if(this.#t!==s||(this.#t=void 0,this.error=i??{},this.host.requestUpdate(),i?.code==="unauthorized"))return;let n=Math.min(3e4,1e3*2**this.#i++);this.#n=setTimeout(()=>this.#r(),n)})}};var N=f`
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
`;var gt="mqtt_dispatch",Yt=new Map;async function Ce(r){let e=Yt.get(r.language)??bs(r);Yt.set(r.language,e);try{return new Qt(await e,r.language)}catch(t){throw Yt.delete(r.language),t}}async function bs(r){return await r.loadBackendTranslation("entity",[gt]),r.loadBackendTranslation("common",[gt])}var Qt=class{constructor(e,t){this.localize=e;this.language=t;this.say=(e,t={})=>{let s=this.localize(`component.${gt}.common.${e}`,t);return s?ws(s,t):e};this.state=(e,t)=>this.localize(`component.${gt}.entity.${e}.state.${t}`)||t;this.stateOfAttribute=(e,t,s)=>this.localize(`component.${gt}.entity.${e}.state_attributes.${t}.state.${s}`)||s}};function ws(r,e){return r.replace(/\{(\w+)\}/g,(t,s)=>String(e[s]??t))}var Me={idle:{icon:"mdi:check-circle",tone:"good"},waiting:{icon:"mdi:clock-outline",tone:"warning"},running:{icon:"mdi:progress-clock",tone:"plain"},unconfirmed:{icon:"mdi:help-circle",tone:"warning"},paused:{icon:"mdi:pause-circle",tone:"warning"},offline:{icon:"mdi:lan-disconnect",tone:"bad"},storage_error:{icon:"mdi:harddisk-remove",tone:"bad"}},qe={pending:{icon:"mdi:circle-outline",tone:"plain",word:"card_pending"},waiting:{icon:"mdi:clock-outline",tone:"warning",word:"card_waiting"},dispensing:{icon:"mdi:progress-clock",tone:"plain",word:"card_dispensing"},unconfirmed:{icon:"mdi:help-circle",tone:"warning",word:"card_unconfirmed"},fed:{icon:"mdi:check-circle",tone:"good",word:"became_fed"},skipped:{icon:"mdi:skip-next-circle",tone:"plain",word:"became_skipped"},missed:{icon:"mdi:alert-circle",tone:"bad",word:"became_missed"},failed:{icon:"mdi:close-circle",tone:"bad",word:"became_failed"},unknown:{icon:"mdi:help-circle-outline",tone:"plain",word:"card_unknown"}};function He(r){let{status:e,ready:t}=r.station;return e==="idle"&&t===!1?{icon:"mdi:alert-circle",tone:"warning"}:Me[e]??Me.waiting}function Pe(r){return qe[r]??qe.unknown}function Oe(r){return r.commands.open.filter(e=>e.state!=="unconfirmed")}function Ue(r){return r.waits_in_words?[r.waits_in_words]:r.nodes.map(e=>e.in_words)}function Rt(r){return r.split("`")}var L=class extends b{constructor(){super(...arguments);this.heading="";this.action="";this.back="";this.risky=!1}ask(){this.dialog.showModal()}render(){return a`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${()=>this.dialog.close()}>${this.back}</button>
        <button class=${this.risky?"risky":"main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`}confirm(){this.dialog.close(),this.dispatchEvent(new CustomEvent("confirmed"))}};L.styles=[N,f`
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
    `],c([h()],L.prototype,"heading",2),c([h()],L.prototype,"action",2),c([h()],L.prototype,"back",2),c([h({type:Boolean})],L.prototype,"risky",2),c([S("dialog")],L.prototype,"dialog",2);y("mqtt-dispatch-confirm",L);var x=class extends b{constructor(){super(...arguments);this.now=0;this.still=!1;this.refusal="";this.doing=!1}get held(){return this.still||this.doing||!this.picture.station.may_control}async order(t,s){return this.attempt(()=>et(this.hass,t,{device_id:this.picture.station.device_id,...s}))}async attempt(t){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await t(),!0}catch(s){return this.refusal=R(s),!1}finally{this.doing=!1}}};x.styles=[N],c([h({attribute:!1})],x.prototype,"hass",2),c([h({attribute:!1})],x.prototype,"words",2),c([h({attribute:!1})],x.prototype,"picture",2),c([h({type:Number})],x.prototype,"now",2),c([h({type:Boolean})],x.prototype,"still",2),c([w()],x.prototype,"refusal",2),c([w()],x.prototype,"doing",2);var st=class extends x{render(){let{doubt:e}=this;return a`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${e.in_words}</p>
      <ul>
        ${e.evidence.map(t=>a`<li class="quiet">${xs(t)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded","card_happened",()=>this.resolve("succeeded"))}
        ${this.button("failed","card_not_happened",()=>this.resolve("failed"))}
        ${this.button("resend","card_send_again",()=>this.dialog.ask())}
      </div>
      ${e.answers.length?p:a`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:p}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${e.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`}button(e,t,s){return this.doubt.answers.includes(e)?a`<button ?disabled=${this.still} @click=${s}>${this.words.say(t)}</button>`:p}resolve(e){this.order("resolve_command",{command_id:this.doubt.command_id,outcome:e})}};st.styles=[...x.styles,f`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `],c([h({attribute:!1})],st.prototype,"doubt",2),c([S("mqtt-dispatch-confirm")],st.prototype,"dialog",2);function xs(r){return Rt(r).map((e,t)=>t%2?a`<code>${e}</code>`:e)}y("mqtt-dispatch-doubt",st);function Xt(r,e){return Ct(r,e,{hour:"numeric",minute:"2-digit"})}function M(r,e,t){let s={year:"numeric",month:"numeric",day:"numeric"};return Ct(r,e,s)===Ct(r,t,s)?Xt(r,e):Ct(r,e,{weekday:"short",day:"numeric",month:"short",hour:"numeric",minute:"2-digit"})}function De(r,e){if(e<=0)return"";let t=[[Math.floor(e/86400),"day"],[Math.floor(e%86400/3600),"hour"],[Math.floor(e%3600/60),"minute"],[Math.floor(e%60),"second"]],s=t.findIndex(([n])=>n>0);return t.slice(s,s+2).filter(([n,o])=>n>0&&(o!=="second"||e<600)).map(([n,o])=>new Intl.NumberFormat(r.language,{style:"unit",unit:o,unitDisplay:"short"}).format(n)).join(" ")}function Ct(r,e,t){let{language:s,time_format:i}=r.locale,n=i==="12"?!0:i==="24"?!1:void 0,o="hour"in t&&n!==void 0?{...t,hour12:n}:t,d=r.config.time_zone;return ks(i==="system"?void 0:s,{...o,timeZone:d}).format(e*1e3)}var Le=new Map;function ks(r,e){let t=JSON.stringify([r,e]),s=Le.get(t)??new Intl.DateTimeFormat(r,e);return Le.set(t,s),s}var Ts=86400;function te(r,e){let t=Date.parse(`${r}T00:00:00Z`)/1e3,s=t-je(t,e);return t-je(s,e)}function Ne(r,e){let t=new Date(Date.parse(`${r}T00:00:00Z`)+Ts*1e3);return te(t.toISOString().slice(0,10),e)}function je(r,e){let t=new Intl.DateTimeFormat("en-US",{timeZone:e,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(r*1e3),s=n=>Number(t.find(o=>o.type===n)?.value);return Date.UTC(s("year"),s("month")-1,s("day"),s("hour"),s("minute"),s("second"))/1e3-Math.floor(r)}function yt(r,e){return new Intl.DateTimeFormat(r.locale.language,{weekday:"long",day:"numeric",month:"long",timeZone:"UTC"}).format(Date.parse(`${e}T12:00:00Z`))}function W(r,e){return e>=10?De(r,e):new Intl.NumberFormat(r.language,{style:"unit",unit:"second",unitDisplay:"short",maximumFractionDigits:1}).format(Math.max(0,e))}function Mt(r,e,t){return r.callWS({type:`mqtt_dispatch/${e}`,language:r.language,...t})}function ee(r,e,t,s){return Mt(r,"history",{device_id:e,limit:50,...se(r,t),...s&&{before:s}})}function se(r,e){let t=r.config.time_zone,{node:s,kind:i,state:n,from:o,to:d}=e;return{...s&&{node:s},...i&&{kind:i},...n&&{state:n},...o&&{since:te(o,t)},...d&&{until:Ne(d,t)}}}function We(r,e,t){return Mt(r,"command",{device_id:e,command_id:t})}function Ie(r,e){return Mt(r,"plan",{device_id:e})}function ze(r,e){return Mt(r,"nodes",{device_id:e})}function Fe(r,e,t,s){let i=Date.parse(`${t.date}T${s}:00Z`),n=o=>new Date(o).toISOString().slice(0,19);return r.callWS({type:"calendar/event/update",entity_id:e,uid:t.meal_id,recurrence_id:t.date,event:{summary:t.in_words,dtstart:n(i),dtend:n(i+t.lasts*1e3)}})}var A=class{constructor(e,t){this.host=e;this.ask=t;this.error="";this.#t=0;e.addController(this)}#e;#t;hostConnected(){}follow(e){e!==this.#e&&(this.#e=e,this.again())}async again(){this.#t+=1;let e=this.#t;try{let t=await this.ask();if(e!==this.#t)return;this.value=t,this.error=""}catch(t){if(e!==this.#t)return;this.error=R(t)}this.host.requestUpdate()}};var g=class extends b{constructor(){super(...arguments);this.pictures=[];this.now=0;this.still=!1}problem(t){return t.error?a`<section role="alert">
      <p>${t.error}</p>
      <div>
        <button @click=${()=>{t.again()}}>${this.words.say("panel_try_again")}</button>
      </div>
    </section>`:p}stationChoice(t,s){return a`<label
      >${this.words.say("panel_filter_station")}
      <select
        name="station"
        @change=${i=>s(i.target.value)}
      >
        ${this.pictures.map(({station:i})=>a`<option
              value=${i.entry_id}
              ?selected=${i.entry_id===t.station.entry_id}
            >
              ${i.title}
            </option>`)}
      </select></label
    >`}stateOf(t){return this.words.stateOfAttribute("event.command","event_type",t)}};g.styles=[N,f`
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
      summary {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        cursor: pointer;
        text-decoration: underline;
        text-decoration-color: var(--primary-color);
      }
      ol {
        margin: 8px 0;
        padding-inline-start: 24px;
      }
      input:focus-visible,
      summary:focus-visible,
      [tabindex]:focus-visible,
      a:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: 2px;
      }
      a {
        color: var(--primary-text-color);
        text-decoration-color: var(--primary-color);
      }
    `],c([h({attribute:!1})],g.prototype,"hass",2),c([h({attribute:!1})],g.prototype,"words",2),c([h({attribute:!1})],g.prototype,"pictures",2),c([h({type:Number})],g.prototype,"now",2),c([h({type:Boolean})],g.prototype,"still",2);var Be="/mqtt-dispatch",ie=["now","history","plan","figures","nodes"],Ve=["station","node","kind","state","from","to"];function re(r){let[e,t,s]=r.split("/").filter(Boolean);return e==="command"&&t&&/^\d+$/.test(s??"")?{page:"command",entry:decodeURIComponent(t),id:Number(s)}:{page:ie.find(i=>i===e)??"now"}}function it(r){return`${Be}/${r}`}function rt(r,e){return`${Be}/command/${encodeURIComponent(r)}/${e}`}function Ge(r){let e=new URLSearchParams(r),t=Object.fromEntries(Ve.map(s=>[s,e.get(s)??""]));for(let s of["from","to"])/^\d{4}-\d{2}-\d{2}$/.test(t[s]??"")||(t[s]="");return t}function Je(r){let e=new URLSearchParams;for(let s of Ve)r[s]&&e.set(s,r[s]);let t=e.toString();return t?`?${t}`:""}function ne(r,e=!1){e?history.replaceState(null,"",r):history.pushState(null,"",r),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:e}}))}function T(r){let e=r.currentTarget;r.button||r.ctrlKey||r.metaKey||r.shiftKey||(r.preventDefault(),ne(e.pathname+e.search))}var Ss={pending:"panel_step_pending",done:"panel_step_done",unknown:"panel_step_unknown"},nt=class extends g{constructor(){super(...arguments);this.entry="";this.command=0;this.told=new A(this,()=>We(this.hass,this.picture?.station.device_id??"",this.command))}get picture(){return this.pictures.find(({station:t})=>t.entry_id===this.entry)}willUpdate(t){let{picture:s}=this;if(!s)return;let i=s.commands.open.find(({id:o})=>o===this.command),n=i?0:s.commands.more;this.told.follow(JSON.stringify([this.entry,this.command,this.hass.language,i,n]))}render(){let{words:t,picture:s}=this,i=this.told.value?.id===this.command?this.told.value:void 0;return a`<div class="stack">
      <a href=${it("history")} @click=${T}>${t.say("panel_back")}</a>
      ${s?p:a`<section><p>${t.say("card_gone")}</p></section>`}
      ${this.problem(this.told)}
      ${i&&s?a`${this.head(i,s)} ${this.steps(i)}`:p}
    </div>`}head(t,s){let{words:i,hass:n,now:o,still:d}=this,l=s.doubts.find(({command_id:$})=>$===t.id),u=t.ended_at===null?null:t.ended_at-t.created_at;return a`<section>
      <h2>${t.in_words}</h2>
      <p>
        ${t.station} · ${this.stateOf(t.state)}${u===null?"":` · ${i.say("panel_after",{time:W(i,u)})}`}
      </p>
      <ul>
        ${t.deliveries.map($=>a`<li>${As($)}</li>`)}
      </ul>
      ${t.finishes?a`<p>
              <a href=${rt(this.entry,t.finishes)} @click=${T}
                >${i.say("panel_finishes",{command_id:t.finishes})}</a
              >
            </p>`:p}
      ${l?a`<mqtt-dispatch-doubt
              .hass=${n} .words=${i} .picture=${s} .now=${o} .still=${d}
              .doubt=${l}
            ></mqtt-dispatch-doubt>`:p}
    </section>`}steps(t){let{words:s}=this;return a`<section>
      <h2 id="steps">${s.say("panel_timeline")}</h2>
      <div class="scroll" role="region" aria-labelledby="steps" tabindex="0">
        <table>
          <thead>
            <tr>
              ${["panel_when","panel_later","panel_filter_node","panel_filter_state","panel_why"].map(i=>a`<th scope="col">${s.say(i)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${t.timeline.map((i,n)=>this.step(i,t.timeline[n-1]))}
          </tbody>
        </table>
      </div>
    </section>`}stepState(t){let s=Ss[t];return s?this.words.say(s):this.stateOf(t)}step(t,s){let{words:i}=this;return a`<tr>
      <td>${M(this.hass,t.at,this.now)}</td>
      <td>${s?`+${W(i,t.at-s.at)}`:""}</td>
      <td>${t.node??""}</td>
      <td>${this.stepState(t.state)}</td>
      <td>${i.say(`panel_cause_${t.cause}`)}${t.detail?a`: ${t.detail}`:p}</td>
    </tr>`}};nt.styles=[...g.styles,f`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        padding-block: 6px;
        padding-inline: 0 12px;
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
    `],c([h()],nt.prototype,"entry",2),c([h({type:Number})],nt.prototype,"command",2);function As(r){return Rt(r).map((e,t)=>t%2?a`<code>${e}</code>`:e)}y("mqtt-dispatch-page-command",nt);var Es=[[1,"panel_day"],[7,"panel_week"],[30,"panel_month"]],Ke=[["waited","panel_waited"],["accepted_after","panel_accepted_after"],["done_after","panel_done_after"]],Q=200,ot=class extends g{constructor(){super(...arguments);this.entry="";this.days=7;this.told=new A(this,()=>et(this.hass,"get_metrics",{device_id:this.picture?.station.device_id,days:this.days}))}get picture(){return this.pictures.find(({station:t})=>t.entry_id===this.entry)??this.pictures[0]}willUpdate(t){let{picture:s}=this;if(!s)return;let i=s.commands.open.map(({id:n,state:o})=>[n,o]);this.told.follow(JSON.stringify([s.station.entry_id,this.days,i]))}render(){let{words:t,picture:s}=this,{value:i}=this.told;return s?a`<div class="stack">
      ${this.form(s)} ${this.problem(this.told)}
      ${i&&!this.told.error?this.all(i,s):p}
    </div>`:a`<section><p>${t.say("panel_no_station")}</p></section>`}form(t){let{words:s}=this;return a`<form @submit=${i=>i.preventDefault()}>
      <div class="fields">
        ${this.stationChoice(t,i=>{this.entry=i})}
        <label
          >${s.say("panel_period")}
          <select
            name="days"
            @change=${i=>{this.days=Number(i.target.value)}}
          >
            ${Es.map(([i,n])=>a`<option value=${i} ?selected=${i===this.days}>
                  ${s.say(n)}
                </option>`)}
          </select></label
        >
      </div>
    </form>`}all(t,s){let i=new Map(s.nodes.map(({node:d,title:l})=>[d,l])),n=[[s.station.title,t],...Object.entries(t.nodes).map(([d,l])=>[i.get(d)??d,l])],o=Math.max(...n.flatMap(([,d])=>Ke.map(([l])=>d[l]?.p95??0)));return n.map(([d,l])=>this.block(d,l,o))}block(t,s,i){let{words:n}=this,o=[[n.say("panel_ordered"),s.ordered],[this.stateOf("succeeded"),s.succeeded],[this.stateOf("unconfirmed"),s.unconfirmed],[this.stateOf("failed"),s.failed],[n.say("panel_cause_sent_again"),s.sent_again]];return a`<section>
      <h2>${t}</h2>
      <p>${o.map(([d,l])=>`${d}: ${l}`).join(" · ")}</p>
      <div class="scroll" role="region" aria-label=${t} tabindex="0">
        <table>
          ${s.success_rate===null?p:a`<tr>
                  <th scope="row">${n.say("panel_success_rate")}</th>
                  <td>${Rs(s.success_rate/100)}</td>
                  <td>${s.success_rate} %</td>
                </tr>`}
          ${Ke.map(([d,l])=>{let u=s[d];return!u||u.median===null||u.p95===null?p:a`<tr>
              <th scope="row">${n.say(l)}</th>
              <td>${Cs(u.median/i,u.p95/i)}</td>
              <td>
                ${n.say("panel_median",{median:W(n,u.median),p95:W(n,u.p95)})}
              </td>
            </tr>`})}
        </table>
      </div>
    </section>`}};ot.styles=[...g.styles,f`
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
        width: ${Q}px;
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
    `],c([w()],ot.prototype,"entry",2),c([w()],ot.prototype,"days",2);function Rs(r){return a`<svg viewBox="0 0 ${Q} 16" aria-hidden="true">
    ${Bt`<rect class="track" y="4" width=${Q} height="8" rx="4"></rect>
      <rect class="good" y="4" width=${Q*r} height="8" rx="4"></rect>`}
  </svg>`}function Cs(r,e){let t=s=>6+(Q-12)*(Number.isFinite(s)?s:0);return a`<svg viewBox="0 0 ${Q} 16" aria-hidden="true">
    ${Bt`<rect class="track" y="7" width=${Q} height="2"></rect>
      <line class="spread" x1=${t(r)} x2=${t(e)} y1="8" y2="8"></line>
      <line class="spread" x1=${t(e)} x2=${t(e)} y1="2" y2="14"></line>
      <circle class="median" cx=${t(r)} cy="8" r="5"></circle>`}
  </svg>`}y("mqtt-dispatch-page-figures",ot);var Ze={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ye=r=>(...e)=>({_$litDirective$:r,values:e}),qt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:Ms}=Te,Qe=r=>r;var Xe=()=>document.createComment(""),at=(r,e,t)=>{let s=r._$AA.parentNode,i=e===void 0?r._$AB:e._$AA;if(t===void 0){let n=s.insertBefore(Xe(),i),o=s.insertBefore(Xe(),i);t=new Ms(n,o,r,r.options)}else{let n=t._$AB.nextSibling,o=t._$AM,d=o!==r;if(d){let l;t._$AQ?.(r),t._$AM=r,t._$AP!==void 0&&(l=r._$AU)!==o._$AU&&t._$AP(l)}if(n!==i||d){let l=t._$AA;for(;l!==n;){let u=Qe(l).nextSibling;Qe(s).insertBefore(l,i),l=u}}}return t},I=(r,e,t=r)=>(r._$AI(e,t),r),qs={},ts=(r,e=qs)=>r._$AH=e,es=r=>r._$AH,Ht=r=>{r._$AR(),r._$AA.remove()};var ss=(r,e,t)=>{let s=new Map;for(let i=e;i<=t;i++)s.set(r[i],i);return s},C=Ye(class extends qt{constructor(r){if(super(r),r.type!==Ze.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let i=[],n=[],o=0;for(let d of r)i[o]=s?s(d,o):o,n[o]=t(d,o),o++;return{values:n,keys:i}}render(r,e,t){return this.dt(r,e,t).values}update(r,[e,t,s]){let i=es(r),{values:n,keys:o}=this.dt(e,t,s);if(!Array.isArray(i))return this.ut=o,n;let d=this.ut??=[],l=[],u,$,m=0,_=i.length-1,v=0,k=n.length-1;for(;m<=_&&v<=k;)if(i[m]===null)m++;else if(i[_]===null)_--;else if(d[m]===o[v])l[v]=I(i[m],n[v]),m++,v++;else if(d[_]===o[k])l[k]=I(i[_],n[k]),_--,k--;else if(d[m]===o[k])l[k]=I(i[m],n[k]),at(r,l[k+1],i[m]),m++,k--;else if(d[_]===o[v])l[v]=I(i[_],n[v]),at(r,i[m],i[_]),_--,v++;else if(u===void 0&&(u=ss(o,v,k),$=ss(d,m,_)),u.has(d[m]))if(u.has(d[_])){let H=$.get(o[v]),Ut=H!==void 0?i[H]:null;if(Ut===null){let le=at(r,i[m]);I(le,n[v]),l[v]=le}else l[v]=I(Ut,n[v]),at(r,i[m],Ut),i[H]=null;v++}else Ht(i[_]),_--;else Ht(i[m]),m++;for(;v<=k;){let H=at(r,l[k+1]);I(H,n[v]),l[v++]=H}for(;m<=_;){let H=i[m++];H!==null&&Ht(H)}return this.ut=o,ts(r,l),U}});var Hs=["queued","sent","accepted","unconfirmed","succeeded","failed","rejected","expired","cancelled","superseded"],is={station:"panel_filter_station",node:"panel_filter_node",kind:"panel_filter_kind",state:"panel_filter_state",from:"panel_filter_from",to:"panel_filter_to"},z=class extends g{constructor(){super(...arguments);this.more=[];this.next=null;this.refusal="";this.asked=0;this.first=new A(this,async()=>{this.asked+=1;let t=await ee(this.hass,this.device,this.filters,null);return this.more=[],this.next=t.next,t})}get device(){return this.pictures.find(({station:s})=>s.entry_id===this.filters.station)?.station.device_id??"all"}willUpdate(t){let s=this.pictures.map(({station:i,commands:n})=>[i.entry_id,n.open.map(({id:o,state:d})=>[o,d]),n.more]);this.first.follow(JSON.stringify([this.filters,this.hass.language,s]))}render(){let{value:t}=this.first,s=[...t?.commands??[],...this.more];return a`<div class="stack">
      ${this.form()} ${this.problem(this.first)}
      ${t?.only_at_hand?a`<section role="alert"><p>${this.words.say("panel_only_at_hand")}</p></section>`:p}
      ${t?this.list(s):p}
    </div>`}list(t){return t.length?a`<section>
      <ul>
        ${C(t,s=>`${s.entry_id} ${s.id}`,s=>this.row(s))}
      </ul>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:p}
      ${this.next?a`<div>
              <button @click=${this.older}>${this.words.say("panel_older")}</button>
            </div>`:p}
    </section>`:a`<section><p>${this.words.say("panel_no_command")}</p></section>`}row(t){return a`<li>
      <a href=${rt(t.entry_id,t.id)} @click=${T}>${t.in_words}</a>
      <span class="state">${this.stateOf(t.state)}</span>
      <span class="quiet">${t.station} · ${t.nodes.join(", ")}</span>
      <span class="quiet state">${M(this.hass,t.created_at,this.now)}</span>
    </li>`}form(){let{filters:t,words:s,pictures:i}=this,n=i.filter(({station:l})=>l.entry_id===t.station),o=n.flatMap(l=>l.nodes),d=new Map((this.first.value?.commands??[]).map(({kind:l,kind_in_words:u})=>[l,u]));return t.kind&&!d.has(t.kind)&&d.set(t.kind,t.kind),a`<form aria-label=${s.say("panel_filters")} @submit=${l=>l.preventDefault()}>
      <div class="fields">
        ${this.choice("station",i.map(({station:l})=>[l.entry_id,l.title]))}
        ${o.length>1?this.choice("node",o.map(({node:l,title:u})=>[l,u])):p}
        ${this.choice("kind",[...d])}
        ${this.choice("state",Hs.map(l=>[l,this.stateOf(l)]))}
        ${this.day("from")} ${this.day("to")}
        ${n.length?a`<button type="button" @click=${this.download}>${s.say("panel_csv")}</button>`:p}
      </div>
    </form>`}choice(t,s){let{filters:i,words:n}=this;return a`<label
      >${n.say(is[t])}
      <select
        name=${t}
        @change=${o=>this.filter(t,o.target.value)}
      >
        <option value="" ?selected=${!i[t]}>${n.say("panel_any")}</option>
        ${s.map(([o,d])=>a`<option value=${o} ?selected=${i[t]===o}>${d}</option>`)}
      </select></label
    >`}day(t){return a`<label
      >${this.words.say(is[t])}
      <input
        type="date"
        name=${t}
        .value=${this.filters[t]}
        @change=${s=>this.filter(t,s.target.value)}
      /></label
    >`}filter(t,s){let i={...this.filters,[t]:s};t==="station"&&(i.node=""),ne(it("history")+Je(i),!0)}async download(){try{let t=se(this.hass,this.filters),s=await Ae(this.hass,this.device,t),i=document.createElement("a");i.href=this.hass.hassUrl?.(s)??s,i.download="",i.click(),this.refusal=""}catch(t){this.refusal=R(t)}}async older(){let{asked:t}=this;try{let s=await ee(this.hass,this.device,this.filters,this.next);if(t!==this.asked)return;this.more=[...this.more,...s.commands],this.next=s.next,this.refusal=""}catch(s){this.refusal=R(s)}}};z.styles=[...g.styles,f`
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
    `],c([h({attribute:!1})],z.prototype,"filters",2),c([w()],z.prototype,"more",2),c([w()],z.prototype,"next",2),c([w()],z.prototype,"refusal",2);y("mqtt-dispatch-page-history",z);var Ps=1.5,lt=class extends g{constructor(){super(...arguments);this.open=!1;this.seen=!1;this.told=new A(this,()=>ze(this.hass,this.picture.station.device_id??""))}willUpdate(t){t.has("open")&&this.open&&(this.seen=!0),this.seen&&this.told.follow(JSON.stringify([this.hass.language,this.picture.nodes]))}render(){let{words:t}=this,{value:s}=this.told;return a`<details ?open=${this.open} @toggle=${this.toggled}>
      <summary>${t.say("panel_heard")}</summary>
      <div class="all">
        <p class="quiet">${t.say("panel_heard_text")}</p>
        ${this.problem(this.told)} ${s?this.all(s):p}
      </div>
    </details>`}toggled(t){this.seen||!t.target.open||(this.seen=!0,this.requestUpdate())}all(t){let{words:s}=this;return a`
      ${t.nodes.map(i=>this.node(i))}
      <div>
        <h3>${s.say("panel_listens")}</h3>
        <ul>
          ${t.topics.map(i=>a`<li><code>${i}</code></li>`)}
        </ul>
      </div>
      ${t.others.length?a`<div>
              <h3>${s.say("panel_others")}</h3>
              <ul>
                ${t.others.map(i=>this.message(i))}
              </ul>
            </div>`:p}
      <div>
        <button @click=${()=>{this.told.again()}}>${s.say("panel_look_again")}</button>
      </div>
    `}node({node:t,clock:s,messages:i}){let n=this.picture.nodes.find(o=>o.node===t);return a`<div>
      <h3>${n?.title??t}</h3>
      ${s===null?p:a`<p>${this.clock(s)}</p>`}
      ${i.length?p:a`<p>${this.words.say("panel_no_message")}</p>`}
      <ul>
        ${i.map(o=>this.message(o))}
      </ul>
    </div>`}clock(t){let{words:s}=this;if(Math.abs(t)<Ps)return s.say("panel_clock_right");let i=W(s,Math.abs(t));return s.say(t>0?"panel_clock_fast":"panel_clock_slow",{time:i})}message(t){let{words:s}=this,i=[M(this.hass,t.at,this.now),...t.retained?[s.say("panel_retained")]:[],...t.cut||t.payload===null?[s.say("panel_bytes",{size:t.size})]:[]];return a`<li>
      <code>${t.topic}</code>
      <span class="quiet">${i.join(" · ")}${t.why?a` · <code>${t.why}</code>`:p}</span>
      ${t.payload===null?a`<p>${s.say("panel_hidden")}</p>`:a`<pre>${t.payload}${t.cut?"…":""}</pre>`}
    </li>`}};lt.styles=[...g.styles,f`
      .all {
        display: grid;
        gap: 12px;
        padding-block-start: 8px;
      }
      li {
        padding-block: 6px;
      }
      /* What goes over the wire is read from left to right, whoever reads it. */
      code,
      pre {
        direction: ltr;
        unicode-bidi: isolate;
        overflow-wrap: anywhere;
      }
      pre {
        margin: 4px 0 0;
        padding: 8px;
        border-radius: 8px;
        background: var(--secondary-background-color);
        font-size: 0.875rem;
        text-align: left;
        white-space: pre-wrap;
      }
    `],c([h({attribute:!1})],lt.prototype,"picture",2),c([h({type:Boolean})],lt.prototype,"open",2);y("mqtt-dispatch-heard",lt);var Os={here:"panel_here",awaited:"panel_awaited",gone:"panel_gone"},F=class extends b{constructor(){super(...arguments);this.now=0}render(){let{words:t,hass:s,now:i,node:n}=this,o=n.ready===null?"":t.state("binary_sensor.ready",n.ready?"on":"off");return a`
      ${n.device_id?a`<a href=${`/config/devices/device/${n.device_id}`} @click=${T}
              >${n.title}</a
            >`:a`<span>${n.title}</span>`}
      <span>${[t.say(Os[n.presence]),o].filter(Boolean).join(" · ")}</span>
      ${n.why_in_words?a`<span class="quiet">${n.why_in_words}</span>`:p}
      <span class="quiet"
        >${n.last_seen===null?t.say("panel_never_seen"):t.say("panel_last_seen",{time:M(s,n.last_seen,i)})}</span
      >
    `}};F.styles=[...g.styles,f`
      :host {
        display: grid;
        gap: 2px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
    `],c([h({attribute:!1,hasChanged:()=>!1})],F.prototype,"hass",2),c([h({attribute:!1})],F.prototype,"words",2),c([h({attribute:!1,hasChanged:Us})],F.prototype,"node",2),c([h({type:Number})],F.prototype,"now",2);function Us(r,e){return r!==e&&JSON.stringify(r)!==JSON.stringify(e)}y("mqtt-dispatch-node-row",F);var Ls="https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/node.md",rs=900,oe=class extends g{render(){let{words:e}=this;return a`<div class="stack">
      ${C(this.pictures,({station:t})=>t.entry_id,t=>a`<mqtt-dispatch-nodes-station
          .hass=${this.hass} .words=${e} .picture=${t}
          .now=${Math.floor(this.now/rs)*rs}
        ></mqtt-dispatch-nodes-station>`)}
      <section>
        <h2>${e.say("panel_first_node")}</h2>
        <p>${e.say("panel_first_node_text")}</p>
        <p>
          <a href=${Ls} target="_blank" rel="noreferrer">${e.say("panel_guide")}</a>
        </p>
      </section>
    </div>`}},B=class extends b{constructor(){super(...arguments);this.now=0}render(){let{hass:t,words:s,picture:i,now:n}=this,{station:o,nodes:d}=i,l=d.every(({last_seen:u})=>u===null);return a`<section aria-labelledby="title">
      <h2 id="title">${o.title}</h2>
      <p class="quiet">${o.protocol_in_words}</p>
      ${d.length?p:a`<p>${s.say("panel_no_node")}</p>`}
      <div role="list">
        ${C(d,({node:u})=>u,u=>a`<mqtt-dispatch-node-row
            role="listitem" .hass=${t} .words=${s} .node=${u} .now=${n}
          ></mqtt-dispatch-node-row>`)}
      </div>
      ${l?this.guide():p}
      <mqtt-dispatch-heard
        .hass=${t} .words=${s} .picture=${i} .now=${n} .open=${l}
      ></mqtt-dispatch-heard>
    </section>`}guide(){let{words:t}=this;return a`<div class="box">
      <p>${t.say("panel_none_heard")}</p>
      <ol>
        ${["panel_do_connect","panel_do_look","panel_do_add"].map(s=>a`<li>${t.say(s)}</li>`)}
      </ol>
      <p>
        <a href="/config/integrations/integration/mqtt_dispatch" @click=${T}
          >${t.say("panel_open_integration")}</a
        >
      </p>
    </div>`}};B.styles=[...g.styles,f`
      /* What is far below is laid out when one comes to it. */
      :host {
        content-visibility: auto;
        contain-intrinsic-size: auto 500px;
      }
    `],c([h({attribute:!1,hasChanged:()=>!1})],B.prototype,"hass",2),c([h({attribute:!1})],B.prototype,"words",2),c([h({attribute:!1})],B.prototype,"picture",2),c([h({type:Number})],B.prototype,"now",2);y("mqtt-dispatch-nodes-station",B);y("mqtt-dispatch-page-nodes",oe);var X=class extends x{render(){let{pause:e,plan_pause:t}=this.picture.station,{say:s}=this.words;return a`
      <div class="wrap">
        ${e||t?a`<button ?disabled=${this.held} @click=${this.resume}>
                ${s("card_resume")}
              </button>`:a`<button ?disabled=${this.held} @click=${()=>this.dialog.ask()}>
                ${s("card_pause")}
              </button>`}
      </div>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:p}
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
    `}pause(){let e=this.long.value;this.order("pause",{what:this.what.value,...e?{for:e}:{}})}async resume(){let{pause:e,plan_pause:t}=this.picture.station;e&&!await this.order("resume",{what:"station"})||t&&await this.order("resume",{what:"plan"})}};X.styles=[...x.styles,f`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `],c([S("mqtt-dispatch-confirm")],X.prototype,"dialog",2),c([S("#what")],X.prototype,"what",2),c([S("#long")],X.prototype,"long",2);y("mqtt-dispatch-pause",X);var Pt=class extends x{render(){let e=Oe(this.picture),{more:t}=this.picture.commands;return a`
      <h3>${this.words.say("card_queue")}</h3>
      ${e.length?p:a`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${e.map(s=>this.command(s))}
      </ul>
      ${t?a`<p class="quiet">
              ${this.words.say(t===1?"one_more":"more",{number:t})}
            </p>`:p}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:p}
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
              </button>`:p}
      </div>
      ${Ue(e).map(s=>a`<p class="quiet wait">${s}</p>`)}
    </li>`}};Pt.styles=[...x.styles,f`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `];y("mqtt-dispatch-queue",Pt);var Ot=class extends x{render(){let{station:e}=this.picture,{icon:t,tone:s}=He(this.picture);return a`
      <div class="row">
        <ha-icon class=${s} .icon=${t}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map(i=>a`<p class="quiet" role="alert">${i}</p>`)}
      ${this.unready()}
      ${e.last_fed===null?p:a`<p class="quiet">
              ${this.words.say("card_last_fed",{time:M(this.hass,e.last_fed,this.now)})}
              · ${this.words.say("card_portions_today",{number:e.portions_today})}
            </p>`}
    `}line(){let{status:e,ready:t}=this.picture.station,s=this.words.state("sensor.status",e);return t===null?s:`${this.words.state("binary_sensor.ready",t?"on":"off")} · ${s}`}troubles(){let{pause:e,plan_pause:t,storage_ok:s,overdue:i}=this.picture.station,n=[e,t].map(o=>o?.in_words??"");return[s?"":this.words.say("card_storage"),...n,...i].filter(Boolean)}unready(){let e=this.picture.nodes.map(t=>t.why_in_words).filter(t=>t);return e.length?a`<ul class="quiet">
      ${e.map(t=>a`<li>${t}</li>`)}
    </ul>`:p}more(){let{status:e}=this.picture.station.entities;e&&Re(this,e)}};Ot.styles=[...x.styles,f`
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
    `];y("mqtt-dispatch-status",Ot);var ae=class extends g{render(){return this.pictures.length?a`<div class="stack">
      ${C(this.pictures,e=>e.station.entry_id,e=>a`<mqtt-dispatch-now-station
          .hass=${this.hass} .words=${this.words} .picture=${e}
          .now=${Math.floor(this.now/60)*60} .still=${this.still}
        ></mqtt-dispatch-now-station>`)}
    </div>`:a`<section><p>${this.words.say("panel_no_station")}</p></section>`}},D=class extends b{constructor(){super(...arguments);this.now=0;this.still=!1}render(){let{hass:t,words:s,picture:i,now:n,still:o}=this,{station:d,doubts:l,commands:u}=i;return a`<section aria-labelledby="title">
      <h2 id="title">${d.title}</h2>
      <mqtt-dispatch-status
        .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
      ></mqtt-dispatch-status>
      ${C(l,$=>$.command_id,$=>a`<mqtt-dispatch-doubt
          .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
          .doubt=${$}
        ></mqtt-dispatch-doubt>`)}
      ${u.open.length?a`<mqtt-dispatch-queue
              .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
            ></mqtt-dispatch-queue>`:p}
      <mqtt-dispatch-pause
        .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
      ></mqtt-dispatch-pause>
    </section>`}};D.styles=g.styles,c([h({attribute:!1,hasChanged:()=>!1})],D.prototype,"hass",2),c([h({attribute:!1})],D.prototype,"words",2),c([h({attribute:!1})],D.prototype,"picture",2),c([h({type:Number})],D.prototype,"now",2),c([h({type:Boolean})],D.prototype,"still",2);y("mqtt-dispatch-now-station",D);y("mqtt-dispatch-page-now",ae);var E=class extends b{constructor(){super(...arguments);this.calendar="";this.held=!1;this.doing=!1;this.refusal=""}render(){let{words:t,hass:s,date:i}=this,n=this.held||this.doing,o=`${i.title}, ${yt(s,i.date)}`;return a`<details>
      <summary aria-label=${`${t.say("panel_move_date")}: ${o}`}>
        ${t.say("panel_move_date")}
      </summary>
      <form aria-label=${o} @submit=${this.move}>
        <div class="fields">
          <label
            >${t.say("panel_time")}
            <input name="time" type="time" required .value=${i.time} ?disabled=${n}
          /></label>
          <button ?disabled=${n}>${t.say("panel_move")}</button>
        </div>
        ${this.refusal?a`<p role="alert">${this.refusal}</p>`:p}
      </form>
    </details>`}async move(t){if(t.preventDefault(),this.doing)return;let s=String(new FormData(t.target).get("time"));this.doing=!0,this.refusal="";try{await Fe(this.hass,this.calendar,this.date,s),this.details.open=!1,this.dispatchEvent(new CustomEvent("moved"))}catch(i){this.refusal=R(i)}finally{this.doing=!1}}};E.styles=[...g.styles,f`
      form {
        padding: 8px 0 0;
        border: 0;
      }
    `],c([h({attribute:!1})],E.prototype,"hass",2),c([h({attribute:!1})],E.prototype,"words",2),c([h({attribute:!1})],E.prototype,"date",2),c([h()],E.prototype,"calendar",2),c([h({type:Boolean})],E.prototype,"held",2),c([w()],E.prototype,"doing",2),c([w()],E.prototype,"refusal",2),c([S("details")],E.prototype,"details",2);y("mqtt-dispatch-move-date",E);var j=class extends g{constructor(){super(...arguments);this.entry="";this.refusal="";this.doing=!1;this.told=new A(this,()=>Ie(this.hass,this.picture?.station.device_id??""));this.add=async t=>{t.preventDefault();let s=t.target,i=new FormData(s),n=String(i.get("name")??"").trim();await this.change("schedule",{...n&&{name:n},time:i.get("time"),portions:Number(i.get("portions"))})&&s.reset()}}get picture(){let{pictures:t}=this;return t.find(({station:s})=>s.entry_id===this.entry)??t.find(({meals:s})=>s.planned)??t.find(({feeding:s})=>s)??t[0]}get held(){return this.still||this.doing||!this.told.value?.may_control}willUpdate(t){let{picture:s}=this;if(!s)return;let{station:i,meals:n}=s;this.told.follow(JSON.stringify([i.entry_id,i.plan_pause,this.hass.language,n]))}render(){let{words:t,picture:s}=this,{value:i}=this.told;return s?a`<div class="stack">
      ${this.choice(s)} ${this.problem(this.told)}
      ${this.refusal?a`<section role="alert"><p>${this.refusal}</p></section>`:p}
      ${s.station.plan_pause?a`<section><p>${s.station.plan_pause.in_words}</p></section>`:p}
      ${i?a`${this.days(i,s)} ${this.meals(i)}`:p}
      ${i&&s.feeding?.whole_station?this.put(s):p}
      <mqtt-dispatch-confirm
        risky
        .heading=${t.say("panel_remove")}
        .action=${t.say("panel_remove")}
        .back=${t.say("card_back")}
        @confirmed=${()=>this.removing&&void this.change("unschedule",{meal_id:this.removing.meal_id})}
        ><p>${this.removing?.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`:a`<section><p>${t.say("panel_no_station")}</p></section>`}choice(t){return a`<form @submit=${s=>s.preventDefault()}>
      ${this.stationChoice(t,s=>{this.entry=s,this.refusal=""})}
    </form>`}days(t,s){let i=new Map;for(let n of t.dates)i.set(n.date,[...i.get(n.date)??[],n]);return i.size?a`<div class="days">
      ${C(i,([n])=>n,([n,o])=>a`<section>
          <h2>${yt(this.hass,n)}</h2>
          <ul>
            ${o.map(d=>this.date(d,s))}
          </ul>
        </section>`)}
    </div>`:a`<section><p>${this.words.say("card_no_next")}</p></section>`}date(t,s){let{words:i}=this,n=Pe(t.state),o=Xt(this.hass,t.at),{meals:d,plan:l}=s.station.entities,u=d??l,$={meal:t.title,clock:o};return a`<li>
      <div class="row">
        <ha-icon class=${n.tone} .icon=${n.icon}></ha-icon>
        <span class="grow"
          >${o} ${t.in_words}
          <span class="quiet"
            >${t.node?`${t.node} · `:""}${t.command_id?a`<a
                    href=${rt(s.station.entry_id,t.command_id)}
                    @click=${T}
                    >${i.say(n.word)}</a
                  >`:i.say(n.word)}${t.why?a` · ${t.why}`:p}</span
          ></span
        >
        ${t.may.map(m=>a`<button
            ?disabled=${this.held}
            aria-label=${`${i.say(m==="skip"?"card_skip_short":"card_undo")}: ${i.say(`card_${m}`,$)}, ${yt(this.hass,t.date)}`}
            @click=${()=>this.change(`${m}_meal`,{meal_id:t.meal_id,date:t.date})}
          >
            ${i.say(m==="skip"?"card_skip_short":"card_undo")}
          </button>`)}
      </div>
      ${u&&t.may.includes("skip")?a`<mqtt-dispatch-move-date
              .hass=${this.hass} .words=${i} .date=${t} .calendar=${u} .held=${this.held}
              @moved=${()=>{this.told.again()}}
            ></mqtt-dispatch-move-date>`:p}
    </li>`}meals(t){let{words:s}=this;return t.meals.length?a`<section aria-labelledby="meals">
      <h2 id="meals">${s.say("panel_every_meal")}</h2>
      <ul>
        ${C(t.meals,i=>i.meal_id,i=>a`<li>
            <form aria-label=${i.in_words} @submit=${n=>this.move(n,i)}>
              <p>${i.in_words}</p>
              <div class="fields">
                ${i.time?a`<label
                          >${s.say("panel_time")}
                          <input name="time" type="time" required .value=${i.time.slice(0,5)} ?disabled=${this.held}
                        /></label>
                        <button ?disabled=${this.held}>${s.say("panel_move")}</button>`:p}
                <button
                  type="button"
                  ?disabled=${this.held}
                  @click=${()=>{this.removing=i,this.dialog.ask()}}
                >
                  ${s.say("panel_remove")}
                </button>
              </div>
            </form>
          </li>`)}
      </ul>
    </section>`:p}put(t){let{words:s}=this,{minimum:i=1,maximum:n=50}=t.feeding??{};return a`<form aria-labelledby="put" @submit=${this.add}>
      <h2 id="put">${s.say("panel_put")}</h2>
      <div class="fields">
        <label>${s.say("panel_name")} <input name="name" maxlength="100" ?disabled=${this.held} /></label>
        <label
          >${s.say("panel_time")}
          <input name="time" type="time" required ?disabled=${this.held}
        /></label>
        <label
          >${s.say("panel_portions")}
          <input
            name="portions" type="number" required
            min=${i} max=${n} value=${i} ?disabled=${this.held}
        /></label>
        <button ?disabled=${this.held}>${s.say("panel_put_daily")}</button>
      </div>
    </form>`}move(t,s){t.preventDefault();let i=new FormData(t.target).get("time");this.change("schedule",{meal_id:s.meal_id,time:i})}async change(t,s){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await et(this.hass,t,{device_id:this.picture?.station.device_id,...s}),this.told.again(),!0}catch(i){return this.refusal=R(i),!1}finally{this.doing=!1}}};j.styles=[...g.styles,f`
      .days {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 16px;
      }
      li {
        padding-block: 4px;
      }
      .days section {
        align-content: start;
      }
      .days h2 {
        font-size: 1rem;
      }
      section form {
        padding: 0;
        border: 0;
      }
    `],c([w()],j.prototype,"entry",2),c([w()],j.prototype,"refusal",2),c([w()],j.prototype,"doing",2),c([w()],j.prototype,"removing",2),c([S("mqtt-dispatch-confirm")],j.prototype,"dialog",2);y("mqtt-dispatch-page-plan",j);var Ds={now:"panel_now",history:"panel_history",plan:"panel_plan",figures:"panel_figures",nodes:"panel_nodes"},q=class extends b{constructor(){super(...arguments);this.narrow=!1;this.outdated=!1;this.ahead=0;this.live=new Et(this,()=>this.hass?Ee("all",this.hass.language):void 0,(t,s)=>this.take(t,s));this.moved=()=>this.requestUpdate()}connectedCallback(){super.connectedCallback(),window.addEventListener("location-changed",this.moved),window.addEventListener("popstate",this.moved),this.ticking=setInterval(()=>document.hidden||this.requestUpdate(),6e4)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("location-changed",this.moved),window.removeEventListener("popstate",this.moved),clearInterval(this.ticking)}shouldUpdate(t){if(t.size!==1||!t.has("hass"))return!0;let s=t.get("hass"),{hass:i}=this;return s?.language!==i?.language||s?.locale!==i?.locale||s?.connection!==i?.connection||s?.config!==i?.config}willUpdate(t){if(!t.has("hass")||!this.hass)return;this.live.hass=this.hass;let s=t.get("hass");s?.language!==this.hass.language&&(s&&this.live.restart(),this.speak(this.hass))}render(){let{hass:t,words:s}=this;if(!t||!s)return p;let i=re(this.route?.path??""),n=i.page==="command"?"history":i.page;return a`
      <header>
        <div class="bar">${this.menu(t)}<h1>MQTT Dispatch</h1></div>
        <nav aria-label="MQTT Dispatch">
          ${ie.map(o=>a`<a
              href=${it(o)}
              aria-current=${o===n?"page":p}
              @click=${T}
              >${s.say(Ds[o])}</a
            >`)}
        </nav>
      </header>
      <main>
        ${this.notes(s)}
        ${this.seen?a`<div class=${this.live.error?"old":""}>${this.page(t,s)}</div>`:p}
      </main>
    `}menu(t){return customElements.get("ha-menu-button")?a`<ha-menu-button .hass=${t} .narrow=${this.narrow}></ha-menu-button>`:a`<button class="menu" aria-label="Menu" @click=${()=>Zt(this,"hass-toggle-menu")}>
      <ha-icon icon="mdi:menu"></ha-icon>
    </button>`}notes(t){let{error:s}=this.live,i=[];if(s){let n=this.hass?.config.state,o=n!==void 0&&n!=="RUNNING",d=s.message??String(s.code??"");i.push(t.say(o?"card_starting":"card_not_shown",{reason:d}))}this.outdated&&i.push(t.say("card_updated"));for(let n of this.seen?.values()??[])Jt(n)||Kt(n)||i.push(t.say("card_not_loaded",{station:n.station.title}));return i.map(n=>a`<p class="note" role="alert">${n}</p>`)}page(t,s){let i=re(this.route?.path??""),n=this.pictures(),o=Date.now()/1e3+this.ahead,d=!!this.live.error;switch(i.page){case"now":return a`<mqtt-dispatch-page-now
          .hass=${t} .words=${s} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-now>`;case"history":return a`<mqtt-dispatch-page-history
          .hass=${t} .words=${s} .pictures=${n} .now=${o} .still=${d}
          .filters=${Ge(location.search)}
        ></mqtt-dispatch-page-history>`;case"plan":return a`<mqtt-dispatch-page-plan
          .hass=${t} .words=${s} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-plan>`;case"figures":return a`<mqtt-dispatch-page-figures
          .hass=${t} .words=${s} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-figures>`;case"nodes":return a`<mqtt-dispatch-page-nodes
          .hass=${t} .words=${s} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-nodes>`;case"command":return a`<mqtt-dispatch-page-command
          .hass=${t} .words=${s} .pictures=${n} .now=${o} .still=${d}
          .entry=${i.entry} .command=${i.id}
        ></mqtt-dispatch-page-command>`}}pictures(){return[...this.seen?.values()??[]].filter(Kt).sort((t,s)=>t.station.title.localeCompare(s.station.title))}take(t,s){this.ahead=t.now-Date.now()/1e3,this.outdated=t.version!=="0.1.0";let i=new Map(s?[]:this.seen);for(let n of t.pictures)Jt(n)?i.delete(n.gone):i.set(n.station.entry_id,n);this.seen=i}async speak(t){try{this.words=await Ce(t)}catch{setTimeout(()=>this.isConnected&&this.hass&&void this.speak(this.hass),2e3)}}};q.styles=[N,f`
      :host {
        min-height: 100vh;
        background: var(--primary-background-color);
      }
      header {
        position: sticky;
        top: 0;
        z-index: 2;
        border-block-end: 1px solid var(--divider-color);
        /* White on the theme's own colour is too faint to read. */
        background: var(--card-background-color);
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
    `],c([h({attribute:!1})],q.prototype,"hass",2),c([h({type:Boolean,reflect:!0})],q.prototype,"narrow",2),c([h({attribute:!1})],q.prototype,"route",2),c([w()],q.prototype,"words",2),c([w()],q.prototype,"outdated",2),c([w()],q.prototype,"seen",2);y("mqtt-dispatch-panel",q);
