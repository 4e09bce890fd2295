var Je=Object.defineProperty;var Qe=Object.getOwnPropertyDescriptor;var Qt=i=>{throw TypeError(i)};var u=(i,t,e,s)=>{for(var r=s>1?void 0:s?Qe(t,e):t,n=i.length-1,o;n>=0;n--)(o=i[n])&&(r=(s?o(t,e,r):o(r))||r);return s&&r&&Je(t,e,r),r};var Ze=(i,t,e)=>t.has(i)||Qt("Cannot "+e);var Pt=(i,t,e)=>(Ze(i,t,"read from private field"),e?e.call(i):t.get(i)),Zt=(i,t,e)=>t.has(i)?Qt("Cannot add the same private member more than once"):t instanceof WeakSet?t.add(i):t.set(i,e);var nt=globalThis,ot=nt.ShadowRoot&&(nt.ShadyCSS===void 0||nt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Ht=Symbol(),Xt=new WeakMap,K=class{constructor(t,e,s){if(this._$cssResult$=!0,s!==Ht)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(ot&&t===void 0){let s=e!==void 0&&e.length===1;s&&(t=Xt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),s&&Xt.set(e,t))}return t}toString(){return this.cssText}},te=i=>new K(typeof i=="string"?i:i+"",void 0,Ht),y=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((s,r,n)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+i[n+1],i[0]);return new K(e,i,Ht)},ee=(i,t)=>{if(ot)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let s=document.createElement("style"),r=nt.litNonce;r!==void 0&&s.setAttribute("nonce",r),s.textContent=e.cssText,i.appendChild(s)}},Ot=ot?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let s of t.cssRules)e+=s.cssText;return te(e)})(i):i;var{is:Xe,defineProperty:ts,getOwnPropertyDescriptor:es,getOwnPropertyNames:ss,getOwnPropertySymbols:is,getPrototypeOf:rs}=Object,at=globalThis,se=at.trustedTypes,ns=se?se.emptyScript:"",os=at.reactiveElementPolyfillSupport,Y=(i,t)=>i,J={toAttribute(i,t){switch(t){case Boolean:i=i?ns:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},dt=(i,t)=>!Xe(i,t),ie={attribute:!0,type:String,converter:J,reflect:!1,useDefault:!1,hasChanged:dt};Symbol.metadata??=Symbol("metadata"),at.litPropertyMetadata??=new WeakMap;var E=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=ie){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let s=Symbol(),r=this.getPropertyDescriptor(t,s,e);r!==void 0&&ts(this.prototype,t,r)}}static getPropertyDescriptor(t,e,s){let{get:r,set:n}=es(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:r,set(o){let d=r?.call(this);n?.call(this,o),this.requestUpdate(t,d,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??ie}static _$Ei(){if(this.hasOwnProperty(Y("elementProperties")))return;let t=rs(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(Y("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Y("properties"))){let e=this.properties,s=[...ss(e),...is(e)];for(let r of s)this.createProperty(r,e[r])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[s,r]of e)this.elementProperties.set(s,r)}this._$Eh=new Map;for(let[e,s]of this.elementProperties){let r=this._$Eu(e,s);r!==void 0&&this._$Eh.set(r,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let s=new Set(t.flat(1/0).reverse());for(let r of s)e.unshift(Ot(r))}else t!==void 0&&e.push(Ot(t));return e}static _$Eu(t,e){let s=e.attribute;return s===!1?void 0:typeof s=="string"?s:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let s of e.keys())this.hasOwnProperty(s)&&(t.set(s,this[s]),delete this[s]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ee(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,s){this._$AK(t,s)}_$ET(t,e){let s=this.constructor.elementProperties.get(t),r=this.constructor._$Eu(t,s);if(r!==void 0&&s.reflect===!0){let n=(s.converter?.toAttribute!==void 0?s.converter:J).toAttribute(e,s.type);this._$Em=t,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(t,e){let s=this.constructor,r=s._$Eh.get(t);if(r!==void 0&&this._$Em!==r){let n=s.getPropertyOptions(r),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:J;this._$Em=r;let d=o.fromAttribute(e,n.type);this[r]=d??this._$Ej?.get(r)??d,this._$Em=null}}requestUpdate(t,e,s,r=!1,n){if(t!==void 0){let o=this.constructor;if(r===!1&&(n=this[t]),s??=o.getPropertyOptions(t),!((s.hasChanged??dt)(n,e)||s.useDefault&&s.reflect&&n===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,s))))return;this.C(t,e,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:s,reflect:r,wrapped:n},o){s&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),n!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||s||(e=void 0),this._$AL.set(t,e)),r===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[r,n]of s){let{wrapped:o}=n,d=this[r];o!==!0||this._$AL.has(r)||d===void 0||this.C(r,void 0,n,d)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(e)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};E.elementStyles=[],E.shadowRootOptions={mode:"open"},E[Y("elementProperties")]=new Map,E[Y("finalized")]=new Map,os?.({ReactiveElement:E}),(at.reactiveElementVersions??=[]).push("2.1.2");var Nt=globalThis,re=i=>i,lt=Nt.trustedTypes,ne=lt?lt.createPolicy("lit-html",{createHTML:i=>i}):void 0,Lt="$lit$",T=`lit$${Math.random().toFixed(9).slice(2)}$`,Dt="?"+T,as=`<${Dt}>`,U=document,Z=()=>U.createComment(""),X=i=>i===null||typeof i!="object"&&typeof i!="function",jt=Array.isArray,pe=i=>jt(i)||typeof i?.[Symbol.iterator]=="function",Ut=`[ 	
\f\r]`,Q=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,oe=/-->/g,ae=/>/g,H=RegExp(`>|${Ut}(?:([^\\s"'>=/]+)(${Ut}*=${Ut}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),de=/'/g,le=/"/g,ue=/^(?:script|style|textarea|title)$/i,zt=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),l=zt(1),Cs=zt(2),Rs=zt(3),C=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),ce=new WeakMap,O=U.createTreeWalker(U,129);function he(i,t){if(!jt(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return ne!==void 0?ne.createHTML(t):t}var me=(i,t)=>{let e=i.length-1,s=[],r,n=t===2?"<svg>":t===3?"<math>":"",o=Q;for(let d=0;d<e;d++){let a=i[d],m,g,p=-1,_=0;for(;_<a.length&&(o.lastIndex=_,g=o.exec(a),g!==null);)_=o.lastIndex,o===Q?g[1]==="!--"?o=oe:g[1]!==void 0?o=ae:g[2]!==void 0?(ue.test(g[2])&&(r=RegExp("</"+g[2],"g")),o=H):g[3]!==void 0&&(o=H):o===H?g[0]===">"?(o=r??Q,p=-1):g[1]===void 0?p=-2:(p=o.lastIndex-g[2].length,m=g[1],o=g[3]===void 0?H:g[3]==='"'?le:de):o===le||o===de?o=H:o===oe||o===ae?o=Q:(o=H,r=void 0);let f=o===H&&i[d+1].startsWith("/>")?" ":"";n+=o===Q?a+as:p>=0?(s.push(m),a.slice(0,p)+Lt+a.slice(p)+T+f):a+T+(p===-2?d:f)}return[he(i,n+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),s]},tt=class i{constructor({strings:t,_$litType$:e},s){let r;this.parts=[];let n=0,o=0,d=t.length-1,a=this.parts,[m,g]=me(t,e);if(this.el=i.createElement(m,s),O.currentNode=this.el.content,e===2||e===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(r=O.nextNode())!==null&&a.length<d;){if(r.nodeType===1){if(r.hasAttributes())for(let p of r.getAttributeNames())if(p.endsWith(Lt)){let _=g[o++],f=r.getAttribute(p).split(T),$=/([.?@])?(.*)/.exec(_);a.push({type:1,index:n,name:$[2],strings:f,ctor:$[1]==="."?pt:$[1]==="?"?ut:$[1]==="@"?ht:L}),r.removeAttribute(p)}else p.startsWith(T)&&(a.push({type:6,index:n}),r.removeAttribute(p));if(ue.test(r.tagName)){let p=r.textContent.split(T),_=p.length-1;if(_>0){r.textContent=lt?lt.emptyScript:"";for(let f=0;f<_;f++)r.append(p[f],Z()),O.nextNode(),a.push({type:2,index:++n});r.append(p[_],Z())}}}else if(r.nodeType===8)if(r.data===Dt)a.push({type:2,index:n});else{let p=-1;for(;(p=r.data.indexOf(T,p+1))!==-1;)a.push({type:7,index:n}),p+=T.length-1}n++}}static createElement(t,e){let s=U.createElement("template");return s.innerHTML=t,s}};function N(i,t,e=i,s){if(t===C)return t;let r=s!==void 0?e._$Co?.[s]:e._$Cl,n=X(t)?void 0:t._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(i),r._$AT(i,e,s)),s!==void 0?(e._$Co??=[])[s]=r:e._$Cl=r),r!==void 0&&(t=N(i,r._$AS(i,t.values),r,s)),t}var ct=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:s}=this._$AD,r=(t?.creationScope??U).importNode(e,!0);O.currentNode=r;let n=O.nextNode(),o=0,d=0,a=s[0];for(;a!==void 0;){if(o===a.index){let m;a.type===2?m=new z(n,n.nextSibling,this,t):a.type===1?m=new a.ctor(n,a.name,a.strings,this,t):a.type===6&&(m=new mt(n,this,t)),this._$AV.push(m),a=s[++d]}o!==a?.index&&(n=O.nextNode(),o++)}return O.currentNode=U,r}p(t){let e=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(t,s,e),e+=s.strings.length-2):s._$AI(t[e])),e++}},z=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,s,r){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=s,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=N(this,t,e),X(t)?t===c||t==null||t===""?(this._$AH!==c&&this._$AR(),this._$AH=c):t!==this._$AH&&t!==C&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):pe(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==c&&X(this._$AH)?this._$AA.nextSibling.data=t:this.T(U.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:s}=t,r=typeof s=="number"?this._$AC(t):(s.el===void 0&&(s.el=tt.createElement(he(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===r)this._$AH.p(e);else{let n=new ct(r,this),o=n.u(this.options);n.p(e),this.T(o),this._$AH=n}}_$AC(t){let e=ce.get(t.strings);return e===void 0&&ce.set(t.strings,e=new tt(t)),e}k(t){jt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,s,r=0;for(let n of t)r===e.length?e.push(s=new i(this.O(Z()),this.O(Z()),this,this.options)):s=e[r],s._$AI(n),r++;r<e.length&&(this._$AR(s&&s._$AB.nextSibling,r),e.length=r)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let s=re(t).nextSibling;re(t).remove(),t=s}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},L=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,s,r,n){this.type=1,this._$AH=c,this._$AN=void 0,this.element=t,this.name=e,this._$AM=r,this.options=n,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=c}_$AI(t,e=this,s,r){let n=this.strings,o=!1;if(n===void 0)t=N(this,t,e,0),o=!X(t)||t!==this._$AH&&t!==C,o&&(this._$AH=t);else{let d=t,a,m;for(t=n[0],a=0;a<n.length-1;a++)m=N(this,d[s+a],e,a),m===C&&(m=this._$AH[a]),o||=!X(m)||m!==this._$AH[a],m===c?t=c:t!==c&&(t+=(m??"")+n[a+1]),this._$AH[a]=m}o&&!r&&this.j(t)}j(t){t===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},pt=class extends L{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===c?void 0:t}},ut=class extends L{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==c)}},ht=class extends L{constructor(t,e,s,r,n){super(t,e,s,r,n),this.type=5}_$AI(t,e=this){if((t=N(this,t,e,0)??c)===C)return;let s=this._$AH,r=t===c&&s!==c||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,n=t!==c&&(s===c||r);r&&this.element.removeEventListener(this.name,this,s),n&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},mt=class{constructor(t,e,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){N(this,t)}},fe={M:Lt,P:T,A:Dt,C:1,L:me,R:ct,D:pe,V:N,I:z,H:L,N:ut,U:ht,B:pt,F:mt},ds=Nt.litHtmlPolyfillSupport;ds?.(tt,z),(Nt.litHtmlVersions??=[]).push("3.3.3");var ge=(i,t,e)=>{let s=e?.renderBefore??t,r=s._$litPart$;if(r===void 0){let n=e?.renderBefore??null;s._$litPart$=r=new z(t.insertBefore(Z(),n),n,void 0,e??{})}return r._$AI(i),r};var It=globalThis,x=class extends E{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=ge(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return C}};x._$litElement$=!0,x.finalized=!0,It.litElementHydrateSupport?.({LitElement:x});var ls=It.litElementPolyfillSupport;ls?.({LitElement:x});(It.litElementVersions??=[]).push("4.2.2");var cs={attribute:!0,type:String,converter:J,reflect:!1,hasChanged:dt},ps=(i=cs,t,e)=>{let{kind:s,metadata:r}=e,n=globalThis.litPropertyMetadata.get(r);if(n===void 0&&globalThis.litPropertyMetadata.set(r,n=new Map),s==="setter"&&((i=Object.create(i)).wrapped=!0),n.set(e.name,i),s==="accessor"){let{name:o}=e;return{set(d){let a=t.get.call(this);t.set.call(this,d),this.requestUpdate(o,a,i,!0,d)},init(d){return d!==void 0&&this.C(o,void 0,i,d),d}}}if(s==="setter"){let{name:o}=e;return function(d){let a=this[o];t.call(this,d),this.requestUpdate(o,a,i,!0,d)}}throw Error("Unsupported decorator location: "+s)};function v(i){return(t,e)=>typeof e=="object"?ps(i,t,e):((s,r,n)=>{let o=r.hasOwnProperty(n);return r.constructor.createProperty(n,s),o?Object.getOwnPropertyDescriptor(r,n):void 0})(i,t,e)}function k(i){return v({...i,state:!0,attribute:!1})}var D=(i,t,e)=>(e.configurable=!0,e.enumerable=!0,Reflect.decorate&&typeof t!="object"&&Object.defineProperty(i,t,e),e);function S(i,t){return(e,s,r)=>{let n=o=>o.renderRoot?.querySelector(i)??null;if(t){let{get:o,set:d}=typeof s=="object"?e:r??(()=>{let a=Symbol();return{get(){return this[a]},set(m){this[a]=m}}})();return D(e,s,{get(){let a=o.call(this);return a===void 0&&(a=n(this),(a!==null||this.hasUpdated)&&d.call(this,a)),a}})}return D(e,s,{get(){return n(this)}})}}var _e={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},ye=i=>(...t)=>({_$litDirective$:i,values:t}),ft=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,s){this._$Ct=t,this._$AM=e,this._$Ci=s}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}};var{I:us}=fe,ve=i=>i;var $e=()=>document.createComment(""),I=(i,t,e)=>{let s=i._$AA.parentNode,r=t===void 0?i._$AB:t._$AA;if(e===void 0){let n=s.insertBefore($e(),r),o=s.insertBefore($e(),r);e=new us(n,o,i,i.options)}else{let n=e._$AB.nextSibling,o=e._$AM,d=o!==i;if(d){let a;e._$AQ?.(i),e._$AM=i,e._$AP!==void 0&&(a=i._$AU)!==o._$AU&&e._$AP(a)}if(n!==r||d){let a=e._$AA;for(;a!==n;){let m=ve(a).nextSibling;ve(s).insertBefore(a,r),a=m}}}return e},q=(i,t,e=i)=>(i._$AI(t,e),i),hs={},we=(i,t=hs)=>i._$AH=t,be=i=>i._$AH,gt=i=>{i._$AR(),i._$AA.remove()};var xe=(i,t,e)=>{let s=new Map;for(let r=t;r<=e;r++)s.set(i[r],r);return s},_t=ye(class extends ft{constructor(i){if(super(i),i.type!==_e.CHILD)throw Error("repeat() can only be used in text expressions")}dt(i,t,e){let s;e===void 0?e=t:t!==void 0&&(s=t);let r=[],n=[],o=0;for(let d of i)r[o]=s?s(d,o):o,n[o]=e(d,o),o++;return{values:n,keys:r}}render(i,t,e){return this.dt(i,t,e).values}update(i,[t,e,s]){let r=be(i),{values:n,keys:o}=this.dt(t,e,s);if(!Array.isArray(r))return this.ut=o,n;let d=this.ut??=[],a=[],m,g,p=0,_=r.length-1,f=0,$=n.length-1;for(;p<=_&&f<=$;)if(r[p]===null)p++;else if(r[_]===null)_--;else if(d[p]===o[f])a[f]=q(r[p],n[f]),p++,f++;else if(d[_]===o[$])a[$]=q(r[_],n[$]),_--,$--;else if(d[p]===o[$])a[$]=q(r[p],n[$]),I(i,a[$+1],r[p]),p++,$--;else if(d[_]===o[f])a[f]=q(r[_],n[f]),I(i,r[p],r[_]),_--,f++;else if(m===void 0&&(m=xe(o,f,$),g=xe(d,p,_)),m.has(d[p]))if(m.has(d[_])){let b=g.get(o[f]),P=b!==void 0?r[b]:null;if(P===null){let Jt=I(i,r[p]);q(Jt,n[f]),a[f]=Jt}else a[f]=q(P,n[f]),I(i,r[p],P),r[b]=null;f++}else gt(r[_]),_--;else gt(r[p]),p++;for(;f<=$;){let b=I(i,a[$+1]);q(b,n[f]),a[f++]=b}for(;p<=_;){let b=r[p++];b!==null&&gt(b)}return this.ut=o,we(i,a),C}});var Wt="mqtt_dispatch";function Ae(i){return"gone"in i}function yt(i){return"station"in i&&i.station.loaded}async function ke(i){return(await i.callWS({type:`${Wt}/stations`,language:i.language})).stations}function Se(i,t){return{type:`${Wt}/subscribe`,device_id:i,language:t}}async function W(i,t,e){return(await i.callService(Wt,t,e,void 0,!1,!0)).response}function vt(){let i=crypto.getRandomValues(new Uint8Array(16));return`card:${Array.from(i,t=>t.toString(16).padStart(2,"0")).join("")}`}function Ee(i){return i?.code===3}function $t(i){let{message:t}=i??{};return t||String(i)}function w(i,t){customElements.get(i)||customElements.define(i,t)}var wt=class{constructor(t,e,s){this.host=t;this.message=e;this.told=s;t.addController(this)}#e;#t;#n;#i=0;#s=!1;set hass(t){t?.connection!==this.#e&&(this.#d(),this.#e=t?.connection,this.#s&&this.#a())}hostConnected(){this.#s=!0,this.#a()}hostDisconnected(){this.#s=!1,this.#d()}restart(){this.#l(),this.#i=0,this.#s&&this.#r()}#o=()=>this.restart();#a(){this.#e?.addEventListener("ready",this.#o),this.#r()}#d(){this.#e?.removeEventListener("ready",this.#o),this.#l()}#l(){clearTimeout(this.#n),this.#t?.then(t=>t()).catch(()=>{}),this.#t=void 0}#r(){let t=this.message();if(this.#t||!this.#e||!t)return;let e=!0,s=this.#e.subscribeMessage(r=>{this.#t===s&&(this.#i=0,this.error=void 0,this.told(r,e),e=!1,this.host.requestUpdate())},t,{resubscribe:!1});this.#t=s,s.catch(r=>{if(this.#t!==s||(this.#t=void 0,this.error=r??{},this.host.requestUpdate(),r?.code==="unauthorized"))return;let n=Math.min(3e4,1e3*2**this.#i++);this.#n=setTimeout(()=>this.#r(),n)})}};var B=y`
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
`;function Te(i,t,e={}){i.dispatchEvent(new CustomEvent(t,{detail:e,bubbles:!0,composed:!0}))}function bt(i,t){Te(i,"hass-more-info",{entityId:t})}function Ce(i,t,e){Te(i,"hass-notification",e?{message:t,action:e,duration:8e3}:{message:t})}function At(i,t){return xt(i,t,{hour:"numeric",minute:"2-digit"})}function V(i,t,e){let s={year:"numeric",month:"numeric",day:"numeric"};return xt(i,t,s)===xt(i,e,s)?At(i,t):xt(i,t,{weekday:"short",day:"numeric",month:"short",hour:"numeric",minute:"2-digit"})}function kt(i,t){if(t<=0)return"";let e=[[Math.floor(t/86400),"day"],[Math.floor(t%86400/3600),"hour"],[Math.floor(t%3600/60),"minute"],[Math.floor(t%60),"second"]],s=e.findIndex(([n])=>n>0);return e.slice(s,s+2).filter(([n,o])=>n>0&&(o!=="second"||t<600)).map(([n,o])=>new Intl.NumberFormat(i.language,{style:"unit",unit:o,unitDisplay:"short"}).format(n)).join(" ")}function xt(i,t,e){let{language:s,time_format:r}=i.locale,n=r==="12"?!0:r==="24"?!1:void 0,o="hour"in e&&n!==void 0?{...e,hour12:n}:e,d=i.config.time_zone;return ms(r==="system"?void 0:s,{...o,timeZone:d}).format(t*1e3)}var Re=new Map;function ms(i,t){let e=JSON.stringify([i,t]),s=Re.get(e)??new Intl.DateTimeFormat(i,t);return Re.set(e,s),s}var h=class extends x{constructor(){super(...arguments);this.now=0;this.still=!1;this.refusal="";this.doing=!1}get held(){return this.still||this.doing||!this.picture.station.may_control}async order(e,s){return this.attempt(()=>W(this.hass,e,{device_id:this.picture.station.device_id,...s}))}async attempt(e){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await e(),!0}catch(s){return this.refusal=$t(s),!1}finally{this.doing=!1}}};h.styles=[B],u([v({attribute:!1})],h.prototype,"hass",2),u([v({attribute:!1})],h.prototype,"words",2),u([v({attribute:!1})],h.prototype,"picture",2),u([v({type:Number})],h.prototype,"now",2),u([v({type:Boolean})],h.prototype,"still",2),u([k()],h.prototype,"refusal",2),u([k()],h.prototype,"doing",2);var St=class extends h{render(){return l`${this.picture.cameras.map(t=>this.camera(t))}`}camera(t){let e=this.hass.states[t.image],r=this.picture.nodes.find(d=>d.node===t.node)?.title??t.node,n=e?.attributes.entity_picture,o=e&&Number.isFinite(Date.parse(e.state));return l`
      <h3>${r}</h3>
      ${o&&typeof n=="string"?l`<button @click=${()=>bt(this,t.image)}>
              <img src=${this.hass.hassUrl?.(n)??n} alt=${r} />
            </button>`:l`<p>${this.words.say("card_no_picture")}</p>`}
      ${this.waking(t)}
    `}waking(t){let e=Date.parse(this.hass.states[t.next_wake??""]?.state??"")/1e3;if(!Number.isFinite(e))return c;let s=V(this.hass,e,this.now);return l`<p class="quiet">${this.words.say("card_next_wake",{time:s})}</p>`}};St.styles=[...h.styles,y`
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
    `];w("mqtt-dispatch-cameras",St);var Me={idle:{icon:"mdi:check-circle",tone:"good"},waiting:{icon:"mdi:clock-outline",tone:"warning"},running:{icon:"mdi:progress-clock",tone:"plain"},unconfirmed:{icon:"mdi:help-circle",tone:"warning"},paused:{icon:"mdi:pause-circle",tone:"warning"},offline:{icon:"mdi:lan-disconnect",tone:"bad"},storage_error:{icon:"mdi:harddisk-remove",tone:"bad"}},qe={pending:{icon:"mdi:circle-outline",tone:"plain",word:"card_pending"},waiting:{icon:"mdi:clock-outline",tone:"warning",word:"card_waiting"},dispensing:{icon:"mdi:progress-clock",tone:"plain",word:"card_dispensing"},unconfirmed:{icon:"mdi:help-circle",tone:"warning",word:"card_unconfirmed"},fed:{icon:"mdi:check-circle",tone:"good",word:"became_fed"},skipped:{icon:"mdi:skip-next-circle",tone:"plain",word:"became_skipped"},missed:{icon:"mdi:alert-circle",tone:"bad",word:"became_missed"},failed:{icon:"mdi:close-circle",tone:"bad",word:"became_failed"},unknown:{icon:"mdi:help-circle-outline",tone:"plain",word:"card_unknown"}};function Pe(i){let{status:t,ready:e}=i.station;return t==="idle"&&e===!1?{icon:"mdi:alert-circle",tone:"warning"}:Me[t]??Me.waiting}function He(i,t="feed"){let e=qe[i]??qe.unknown;return i==="fed"&&t!=="feed"?{...e,word:"became_done"}:e}function Oe(i){return i.commands.open.filter(t=>t.state!=="unconfirmed")}function Ue(i){return i.waits_in_words?[i.waits_in_words]:i.nodes.map(t=>t.in_words)}function Ne(i,t,e){if(t.commands.open.some(o=>o.id===e))return;let s=i.states[t.station.entities.command??""],{command_id:r,event_type:n}=s?.attributes??{};return r===e&&typeof n=="string"?n:void 0}function Le(i,t){let{minimum:e,maximum:s}=i.feeding??{minimum:1,maximum:1};return Math.min(s,Math.max(e,Math.round(t)))}function De(i){return i.split("`")}var R=class extends x{constructor(){super(...arguments);this.heading="";this.action="";this.back="";this.risky=!1}ask(){this.dialog.showModal()}render(){return l`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${()=>this.dialog.close()}>${this.back}</button>
        <button class=${this.risky?"risky":"main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`}confirm(){this.dialog.close(),this.dispatchEvent(new CustomEvent("confirmed"))}};R.styles=[B,y`
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
    `],u([v()],R.prototype,"heading",2),u([v()],R.prototype,"action",2),u([v()],R.prototype,"back",2),u([v({type:Boolean})],R.prototype,"risky",2),u([S("dialog")],R.prototype,"dialog",2);w("mqtt-dispatch-confirm",R);var G=class extends h{render(){let{doubt:t}=this;return l`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${t.in_words}</p>
      <ul>
        ${t.evidence.map(e=>l`<li class="quiet">${fs(e)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded","card_happened",()=>this.resolve("succeeded"))}
        ${this.button("failed","card_not_happened",()=>this.resolve("failed"))}
        ${this.button("resend","card_send_again",()=>this.dialog.ask())}
      </div>
      ${t.answers.length?c:l`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal?l`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${t.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`}button(t,e,s){return this.doubt.answers.includes(t)?l`<button ?disabled=${this.still} @click=${s}>${this.words.say(e)}</button>`:c}resolve(t){this.order("resolve_command",{command_id:this.doubt.command_id,outcome:t})}};G.styles=[...h.styles,y`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `],u([v({attribute:!1})],G.prototype,"doubt",2),u([S("mqtt-dispatch-confirm")],G.prototype,"dialog",2);function fs(i){return De(i).map((t,e)=>e%2?l`<code>${t}</code>`:t)}w("mqtt-dispatch-doubt",G);var gs=60,_s=8e3,ys=new Set(["service_not_found","station_not_loaded","unknown_device"]),vs=new Set(["feeds_waiting","feeds_per_hour"]),et=new Map,Et=new EventTarget;function Vt(i){return et.get(i)}function je(i){et.get(i)?.state!=="sending"&&Bt(i,void 0)}async function ze(i,t,e,s=!1){if(et.get(t)?.state==="sending")return;Bt(t,{portions:e,state:"sending"});let r={device_id:t,portions:e,idempotency_key:vt(),...s?{confirm:!0}:{}};Bt(t,{portions:e,...await $s(i,r)})}async function $s(i,t){let e=Date.now(),s=!1;for(let r=0;;r++){try{return{state:"ordered",commandId:(await W(i,"feed",t)).command_id}}catch(o){let d=o.translation_key??"";if(Ee(o))s=!0;else if(!s||!ys.has(d))return{state:vs.has(d)?"asks":"refused",message:$t(o)}}let n=Math.min(_s,500*2**r);if(Date.now()+n>e+gs*1e3)return{state:"unsure"};await new Promise(o=>setTimeout(o,n))}}function Bt(i,t){t?et.set(i,t):et.delete(i),Et.dispatchEvent(new Event("change"))}var st,M=class extends h{constructor(){super(...arguments);this.device="";this.name="";this.allowed=!1;Zt(this,st,()=>this.requestUpdate())}connectedCallback(){super.connectedCallback(),Et.addEventListener("change",Pt(this,st))}disconnectedCallback(){super.disconnectedCallback(),Et.removeEventListener("change",Pt(this,st))}updated(e){Vt(this.device)?.state==="asks"&&(this.shadowRoot?.querySelector("mqtt-dispatch-confirm dialog[open]")||this.dialog.ask?.())}render(){let e=Vt(this.device),s=Le(this.picture,this.portions??this.picture.feeding?.chosen??1),r=e?.state==="sending",n=this.still||!this.allowed||r,{minimum:o=1,maximum:d=1,grams:a=null}=this.picture.feeding??{},m=this.name||this.words.say("card_feed");return l`
      <div class="row" role="group" aria-label=${m}>
        <button
          class="step"
          aria-label=${this.words.say("card_fewer")}
          ?disabled=${n||s<=o}
          @click=${()=>this.choose(s-1)}
        >
          −
        </button>
        <output aria-live="polite">${this.amount(s,a)}</output>
        <button
          class="step"
          aria-label=${this.words.say("card_more")}
          ?disabled=${n||s>=d}
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
        ><p>${e?.message??c}</p></mqtt-dispatch-confirm
      >
    `}choose(e){this.portions=e,je(this.device)}feed(e,s=!1){this.still||!this.allowed||ze(this.hass,this.device,e,s)}amount(e,s){let r=e===1?"one_portion":"portions",n=this.words.say(r,{portions:e});if(s===null)return n;let o=new Intl.NumberFormat(this.words.language).format(e*s);return`${n} (${this.words.say("card_grams",{grams:o})})`}said(e){if(!this.allowed)return this.words.say("card_read_only");switch(e?.state){case"sending":return this.words.say("card_sending");case"ordered":return this.followed(e.commandId??0);case"unsure":return this.words.say("card_unsure");case"refused":case"asks":return e.message??"";default:return""}}followed(e){let s=Ne(this.hass,this.picture,e);if(!s)return this.words.say("card_ordered",{command_id:e});let r=this.words.stateOfAttribute("event.command","event_type",s);return this.words.say("card_became",{command_id:e,state:r})}};st=new WeakMap,M.styles=[...h.styles,y`
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
    `],u([v()],M.prototype,"device",2),u([v()],M.prototype,"name",2),u([v({type:Boolean})],M.prototype,"allowed",2),u([k()],M.prototype,"portions",2),u([S("mqtt-dispatch-confirm")],M.prototype,"dialog",2);w("mqtt-dispatch-feed",M);var Tt=class extends h{render(){let{next:t,today:e}=this.picture.meals;return l`
      <h3>${this.words.say("card_next")}</h3>
      ${t?this.next(t):l`<p>${this.words.say("card_no_next")}</p>`}
      ${e.length?l`<h3>${this.words.say("card_today")}</h3>
              <ul>
                ${e.map(s=>this.date(s))}
              </ul>`:c}
      ${this.refusal?l`<p role="alert">${this.refusal}</p>`:c}
    `}next(t){let e=kt(this.words,t.at-this.now),s=V(this.hass,t.at,this.now);return l`<div class="row">
      <div class="grow">
        <p class="next">${e?this.words.say("card_in",{time:e}):s}</p>
        <p class="quiet">${s} · ${t.in_words}</p>
      </div>
      ${this.button(t)}
    </div>`}date(t){let{icon:e,tone:s,word:r}=He(t.state,t.kind),n=t.node?`${t.in_words} (${t.node})`:t.in_words;return l`<li>
      <div class="row">
        <ha-icon class=${s} .icon=${e}></ha-icon>
        <span class="grow">
          <span class=${t.state==="skipped"?"undone":""}>${At(this.hass,t.at)} ${n}</span>
          <span class="quiet"> · ${this.words.say(r)}</span>
        </span>
        ${t.may.includes("unskip")?this.button(t):c}
      </div>
      ${t.why?l`<p class="quiet why">${t.why}</p>`:c}
    </li>`}button(t){let e=this.filled(t);return t.may.includes("skip")?l`<button
        ?disabled=${this.held}
        aria-label=${this.words.say("card_skip",e)}
        @click=${()=>this.skip(t)}
      >
        ${this.words.say("card_skip_short")}
      </button>`:t.may.includes("unskip")?l`<button
      ?disabled=${this.held}
      aria-label=${this.words.say("card_unskip",e)}
      @click=${()=>this.unskip(t)}
    >
      ${this.words.say("card_undo")}
    </button>`:c}async skip(t){await this.order("skip_meal",Ie(t))&&Ce(this,this.words.say("card_skipped",this.filled(t)),{text:this.words.say("card_undo"),action:()=>{this.unskip(t)}})}filled(t){return{meal:t.title,clock:At(this.hass,t.at)}}unskip(t){return this.order("unskip_meal",Ie(t))}};Tt.styles=[...h.styles,y`
      .next {
        font-size: 1.25rem;
      }
      li .why {
        padding-inline-start: 28px;
      }
      .undone {
        text-decoration: line-through;
      }
    `];function Ie(i){return{meal_id:i.meal_id,date:i.date}}w("mqtt-dispatch-meals",Tt);var j=class extends h{render(){let{pause:t,plan_pause:e}=this.picture.station,{say:s}=this.words;return l`
      <div class="wrap">
        ${t||e?l`<button ?disabled=${this.held} @click=${this.resume}>
                ${s("card_resume")}
              </button>`:l`<button ?disabled=${this.held} @click=${()=>this.dialog.ask()}>
                ${s("card_pause")}
              </button>`}
      </div>
      ${this.refusal?l`<p role="alert">${this.refusal}</p>`:c}
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
    `}pause(){let t=this.long.value;this.order("pause",{what:this.what.value,...t?{for:t}:{}})}async resume(){let{pause:t,plan_pause:e}=this.picture.station;t&&!await this.order("resume",{what:"station"})||e&&await this.order("resume",{what:"plan"})}};j.styles=[...h.styles,y`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `],u([S("mqtt-dispatch-confirm")],j.prototype,"dialog",2),u([S("#what")],j.prototype,"what",2),u([S("#long")],j.prototype,"long",2);w("mqtt-dispatch-pause",j);var Ct=class extends h{render(){let t=Oe(this.picture),{more:e}=this.picture.commands;return l`
      <h3>${this.words.say("card_queue")}</h3>
      ${t.length?c:l`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${_t(t,({id:s})=>s,s=>this.command(s))}
      </ul>
      ${e?l`<p class="quiet">
              ${this.words.say(e===1?"one_more":"more",{number:e})}
            </p>`:c}
      ${this.refusal?l`<p role="alert">${this.refusal}</p>`:c}
    `}command(t){let e=t.waits_in_words!==null;return l`<li>
      <div class="row">
        <ha-icon .icon=${e?"mdi:clock-outline":"mdi:progress-clock"}></ha-icon>
        <span class="grow">${t.in_words}</span>
        ${t.may.includes("cancel")?l`<button
                ?disabled=${this.still}
                aria-label=${this.words.say("card_cancel",{command_id:t.id})}
                @click=${()=>this.order("cancel_command",{command_id:t.id})}
              >
                <ha-icon icon="mdi:close"></ha-icon>
              </button>`:c}
      </div>
      ${Ue(t).map(s=>l`<p class="quiet wait">${s}</p>`)}
    </li>`}};Ct.styles=[...h.styles,y`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `];w("mqtt-dispatch-queue",Ct);var Rt=class extends h{render(){let{station:t}=this.picture,{icon:e,tone:s}=Pe(this.picture);return l`
      <div class="row">
        <ha-icon class=${s} .icon=${e}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map(r=>l`<p class="quiet" role="alert">${r}</p>`)}
      ${this.unready()}
      ${t.last_fed===null?c:l`<p class="quiet">
              ${this.words.say("card_last_fed",{time:V(this.hass,t.last_fed,this.now)})}
              · ${this.words.say("card_portions_today",{number:t.portions_today})}
            </p>`}
    `}line(){let{status:t,ready:e}=this.picture.station,s=this.words.state("sensor.status",t);return e===null?s:`${this.words.state("binary_sensor.ready",e?"on":"off")} · ${s}`}troubles(){let{pause:t,plan_pause:e,storage_ok:s,overdue:r}=this.picture.station,n=[t,e].map(o=>o?.in_words??"");return[s?"":this.words.say("card_storage"),...n,...r].filter(Boolean)}unready(){let t=this.picture.nodes.map(e=>e.why_in_words).filter(e=>e);return t.length?l`<ul class="quiet">
      ${t.map(e=>l`<li>${e}</li>`)}
    </ul>`:c}more(){let{status:t}=this.picture.station.entities;t&&bt(this,t)}};Rt.styles=[...h.styles,y`
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
    `];w("mqtt-dispatch-status",Rt);var Mt=class extends h{render(){return l`
      <h3>${this.words.say("card_valves")}</h3>
      <ul>
        ${this.picture.valves.map(t=>this.valve(t))}
      </ul>
      ${this.refusal?l`<p role="alert">${this.refusal}</p>`:c}
    `}valve(t){let e=this.hass.states[t.valve];if(!e)return c;let s=e.state==="open",r=String(e.attributes.friendly_name??t.valve),n=this.picture.nodes.find(d=>d.node===t.node)?.may_control,o=this.words.say(s?"card_close":"card_open");return l`<li class="row">
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
    </li>`}left(t){let e=t.attributes.closes_at;if(typeof e!="string")return"";let s=kt(this.words,Date.parse(e)/1e3-this.now);return s?`, ${this.words.say("card_closes_in",{time:s})}`:""}open(t){let e={entity_id:t.valve,idempotency_key:vt()};return this.attempt(()=>W(this.hass,"open_valve",e))}close(t){return this.attempt(()=>this.hass.callService("valve","close_valve",{entity_id:t.valve},void 0,!1))}};Mt.styles=[...h.styles,y`
      li {
        padding-block: 4px;
      }
    `];w("mqtt-dispatch-valves",Mt);var it="mqtt_dispatch",Gt=new Map;async function qt(i){let t=Gt.get(i.language)??ws(i);Gt.set(i.language,t);try{return new Ft(await t,i.language)}catch(e){throw Gt.delete(i.language),e}}async function ws(i){return await i.loadBackendTranslation("entity",[it]),i.loadBackendTranslation("common",[it])}var Ft=class{constructor(t,e){this.localize=t;this.language=e;this.say=(t,e={})=>{let s=this.localize(`component.${it}.common.${t}`,e);return s?bs(s,e):t};this.state=(t,e)=>this.localize(`component.${it}.entity.${t}.state.${e}`)||e;this.stateOfAttribute=(t,e,s)=>this.localize(`component.${it}.entity.${t}.state_attributes.${e}.state.${s}`)||s}};function bs(i,t){return i.replace(/\{(\w+)\}/g,(e,s)=>String(t[s]??e))}var F="mqtt-dispatch-card",We="mqtt_dispatch",xs={device_id:"card_show_station",title:"card_show_title",hide_meals:"card_hide_meals",hide_feed:"card_hide_feed",hide_queue:"card_hide_queue",hide_equipment:"card_hide_equipment"},Be;async function Kt(i){Be=await qt(i)}function Ve(){let i=t=>({name:t,selector:{boolean:{}}});return{schema:[{name:"device_id",required:!0,selector:{device:{filter:[{integration:We}]}}},{name:"title",selector:{text:{}}},i("hide_meals"),i("hide_feed"),i("hide_queue"),i("hide_equipment")],computeLabel:({name:t})=>{let e=xs[t];return e&&Be?.say(e)||t}}}async function Ge(i){await Kt(i).catch(()=>{});let t=await ke(i).catch(()=>[]),e=t.find(s=>s.loaded)??t[0];return e?.device_id?{device_id:e.device_id}:{}}function Fe(i,t){let e=i.entities?.[t];return e?.platform!==We||!e.device_id?null:{config:{type:`custom:${F}`,device_id:e.device_id}}}function rt(i,t){let e=i?.entity?t?.entities?.[i.entity]:void 0;return i?.device_id??e?.device_id??void 0}function Ke(i){if(typeof i!="object"||i===null)throw new Error("No configuration");for(let t of["device_id","entity"]){let e=i[t];if(e!==void 0&&typeof e!="string")throw new Error(`${t}: no text`)}return{...i}}function Ye(i,t=""){let e="sample",s={meal_id:"1",kind:"feed",date:"",node:null,why:null,command_id:null,may:[]};return{station:{entry_id:e,device_id:e,title:"MQTT Dispatch",protocol:"paired_dispenser",protocol_in_words:"",loaded:!0,feeds:!0,nodes:["1","2"],may_control:!0,status:"idle",ready:!0,connected:!0,storage_ok:!0,open:0,waiting:0,pause:null,plan_pause:null,portions_today:2,last_fed:i-6*3600,overdue:[],time_zone:"",entities:{}},feeding:{whole_station:!0,minimum:1,maximum:50,chosen:2,grams:null},nodes:[],commands:{open:[],more:0},doubts:[],meals:{planned:2,next:{...s,title:t,in_words:t,time:"18:00",at:i+5400,state:"pending"},today:[{...s,title:t,in_words:t,time:"07:00",at:i-6*3600,state:"fed"},{...s,title:t,in_words:t,time:"18:00",at:i+5400,state:"pending"}]},valves:[],cameras:[]}}var A=class extends x{constructor(){super(...arguments);this.preview=!1;this.outdated=!1;this.ahead=0;this.shown=[];this.live=new wt(this,()=>{let e=rt(this.config,this.hass);return e&&this.hass?Se(e,this.hass.language):void 0},e=>this.take(e))}setConfig(e){let s=rt(this.config,this.hass);this.config=Ke(e),s!==rt(this.config,this.hass)&&(this.seen=void 0,this.live.restart())}getCardSize(){return 8}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.ticking=setInterval(()=>{!document.hidden&&this.counts&&this.requestUpdate()},1e3)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.ticking)}shouldUpdate(e){if(e.size!==1||!e.has("hass"))return!0;let s=e.get("hass");return s===void 0||this.entities().some((r,n)=>r!==this.shown[n])||s.language!==this.hass?.language||s.locale!==this.hass?.locale||s.config.state!==this.hass?.config.state}willUpdate(e){if(!e.has("hass")||!this.hass)return;this.live.hass=this.hass,this.shown=this.entities(),e.get("hass")?.language!==this.hass.language&&this.speak(this.hass)}render(){let{hass:e,words:s}=this;return!e||!s||!this.config?l`<ha-card></ha-card>`:l`<ha-card><div class="card">${this.content(e,s)}</div></ha-card>`}content(e,s){let r=Date.now()/1e3+this.ahead;if(!rt(this.config,e))return this.preview?this.station(e,s,Ye(r,s.say("meal_unnamed")),r,!0):l`<p>${s.say("card_choose")}</p>`;let{seen:n}=this,o=this.trouble(e,s);if(!n)return l`<p>${o}</p>`;if(Ae(n))return l`<p>${s.say("card_gone")}</p>`;if(!yt(n))return l`<p>${s.say("card_not_loaded",{station:n.station.title})}</p>`;let d=!!o||this.preview;return l`
      ${o?l`<p role="alert">${o}</p>`:c}
      ${this.outdated?l`<p role="alert">${s.say("card_updated")}</p>`:c}
      ${this.station(e,s,n,r,d)}
    `}station(e,s,r,n,o){let d=this.config??{type:""},{meals:a,doubts:m,commands:g,valves:p,cameras:_,station:f}=r,$=!d.hide_equipment,b=d.title||f.title;return l`<section class=${this.live.error?"old":""} aria-label=${b}>
      <h2>${b}</h2>
      <mqtt-dispatch-status
        .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
      ></mqtt-dispatch-status>
      ${_t(m,P=>P.command_id,P=>l`<mqtt-dispatch-doubt
          .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
          .doubt=${P}
        ></mqtt-dispatch-doubt>`)}
      ${d.hide_meals||!(a.planned||r.feeding)?c:l`<mqtt-dispatch-meals
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-meals>`}
      ${d.hide_feed?c:this.feeders(e,s,r,n,o)}
      ${d.hide_queue||!(g.open.length||r.feeding)?c:l`<mqtt-dispatch-queue
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-queue>`}
      ${$&&p.length?l`<mqtt-dispatch-valves
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-valves>`:c}
      ${$&&_.length?l`<mqtt-dispatch-cameras
              .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
            ></mqtt-dispatch-cameras>`:c}
      <mqtt-dispatch-pause
        .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
      ></mqtt-dispatch-pause>
    </section>`}feeders(e,s,r,n,o){if(!r.feeding)return c;let{station:d,nodes:a}=r;return(r.feeding.whole_station?[{device:d.device_id,name:"",allowed:d.may_control}]:a.filter(g=>g.feeds).map(g=>({device:g.device_id,name:g.title,allowed:g.may_control}))).map(({device:g,name:p,allowed:_})=>l`<mqtt-dispatch-feed
        .hass=${e} .words=${s} .picture=${r} .now=${n} .still=${o}
        .device=${g??""} .name=${p} .allowed=${_}
      ></mqtt-dispatch-feed>`)}trouble(e,s){let{error:r}=this.live;return r?e.config.state!==void 0&&e.config.state!=="RUNNING"?s.say("card_starting"):s.say("card_not_shown",{reason:r.message??String(r.code??"")}):""}take(e){this.ahead=e.now-Date.now()/1e3,this.outdated=e.version!=="0.1.0",this.seen=e.pictures.at(-1)??this.seen,this.shown=this.entities()}async speak(e){try{this.words=await qt(e),await Kt(e)}catch{setTimeout(()=>this.isConnected&&this.hass&&void this.speak(this.hass),2e3)}}entities(){if(!this.seen||!yt(this.seen))return[];let{valves:e,cameras:s,station:r}=this.seen;return[r.entities.command,...e.map(o=>o.valve),...s.flatMap(o=>[o.image,o.next_wake])].map(o=>this.hass?.states[o??""])}get counts(){return!this.seen||!yt(this.seen)?!1:!!(this.seen.meals.next||this.seen.valves.length)}};A.styles=[B,y`
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
    `],A.getConfigForm=Ve,A.getStubConfig=Ge,u([v({attribute:!1})],A.prototype,"hass",2),u([v({type:Boolean})],A.prototype,"preview",2),u([k()],A.prototype,"config",2),u([k()],A.prototype,"seen",2),u([k()],A.prototype,"words",2),u([k()],A.prototype,"outdated",2);w(F,A);var Yt=window;Yt.customCards??=[];Yt.customCards.some(i=>i.type===F)||Yt.customCards.push({type:F,name:"MQTT Dispatch",description:"A station: whether all is well, what comes next, what waits and why",preview:!0,documentationURL:"https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/card.md",getEntitySuggestion:Fe});
