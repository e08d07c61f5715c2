/** Function words of Slavic, Uralic, Turkic, Semitic and other languages, separated by spaces. */
export const otherWords: Readonly<Record<string, string>> = {
  ru: `и а но или либо что чтобы как если когда где куда откуда потому так же то ли бы не ни да нет в во на с со к ко о
    об обо от из у за по для при про без до под над между через перед после я меня мне мной мой моя моё мое мои моего
    моей ты тебя тебе твой он его ему им нём нем она её ее ей ней оно мы нас нам нами наш наша наше наши вы вас вам
    вами ваш ваша ваше ваши они их ими них себя себе свой своя своё свои своего своей кто кого кому чего чему чем
    какой какая какое какие какого каких каком какую который которая которое которые которого которой которых этот эта
    это эти этого этой этих этом тот та те того той тех там тут здесь сколько почему зачем был была было были быть
    есть будет будут являлся является могу может можете могут можно мочь надо нужно должен должна уже ещё еще очень
    только тоже также все всё всех весь вся другой другие каждый более менее самый`,
  pl: `i a ale lub albo oraz że żeby aby jak jeśli jeżeli gdy kiedy gdzie skąd dokąd ponieważ bo czy nie ni tak w we na z
    ze do od o u za po dla przy przez bez pod nad między przed ja mnie mi mój moja moje ty ciebie ci twój on jego go jemu
    mu ona jej ją ono my nas nam nasz nasza wy was wam wasz oni one ich im się siebie swój kto kogo co czego czym jaki
    jaka jakie który która które którego której których ten ta to ci te tego tej tych tam tu ile dlaczego był była było
    byli być jest są będzie będą mogę może mogą można trzeba musi już jeszcze bardzo tylko też także wszystko wszystkie
    inny inne każdy więcej`,
  cs: `a i ale nebo že aby jak jestli když kde kam odkud protože zda ne ano v ve na s se z ze k ke do od o u za po pro při
    bez pod nad mezi před já mě mi můj moje ty tě ti tvůj on jeho ho mu ona její ji ono my nás nám náš vy vás vám váš
    oni jejich jim si sebe svůj kdo koho co čeho jaký jaká jaké který která které kterého ten ta to ti ty toho té tam
    tu kolik proč kdy byl byla bylo byli být je jsem jsi jsou jsme bude budou může mohu mohou musí už ještě velmi jen
    také vše všechny jiný každý více`,
  sl: `in a ali pa ker da če ko kje kam kako zakaj ne ni v na z s k h do od o u za po pri brez pod nad med pred jaz mene mi
    moj ti tebe tvoj on njegov ga mu ona njen jo mi nas nam naš vi vas vam vaš oni njihov se si svoj kdo koga kaj
    kateri katera katero ta to te tega tem tam tu koliko kdaj je sem si so smo ste bil bila bilo biti bo bodo lahko
    mora že še zelo samo tudi vse vsak več`,
  tr: `bir bu şu o ve veya ya da de ile ama fakat ancak çünkü eğer ki mi mı mu mü için gibi kadar göre sonra önce
    üzere karşı doğru dolayı rağmen ben beni bana benim sen seni sana senin onu ona onun biz bizi bize bizim siz sizi
    size sizin onlar onları onlara onların kendi kim kime kimin ne neyi neden niçin niye nasıl nerede nereye nereden
    hangi hangisi kaç zaman idi ise değil var yok olan olarak olduğu oldu olur olmak etmek eden her hiç bazı çok daha
    en az tüm bütün diğer başka şey bunu buna bunun şimdi`,
  fi: `ja tai mutta vaan että jotta jos kun koska kuin kuten vaikka sekä ei en et emme ette eivät on ovat oli olivat
    olla ollut olen olet olemme olisi minä minun minua minulla minulle sinä sinun sinua sinulla hän hänen häntä me
    meidän te teidän he heidän se sen sitä siinä siitä siihen sillä ne niiden niitä tämä tämän tätä tässä nämä näiden
    tuo nuo kuka kenen ketä mikä minkä mitä missä mistä mihin milloin miksi miten kuinka paljonko joka jonka jota jossa
    jotka joiden voi voin voiko voivat voida pitää täytyy saa myös vain jo vielä hyvin kaikki muu muut jokainen niin
    nyt kanssa ilman ennen jälkeen`,
  hu: `a az egy és vagy de hogy ha mert mint mintha amikor ahol bár nem ne igen is csak már még nagyon ban ben ból ből
    én engem nekem te téged neked ő őt neki mi minket nekünk ti titeket nektek ők őket nekik maga magát ez ezt ennek
    ezek az azt annak azok ki kit kinek mi mit minek melyik milyen hol hova honnan mikor miért hogyan mennyi hány aki
    ami amely amelyek van vannak volt voltak lesz lesznek lenni vagyok vagy lehet kell tud tudok minden más több
    kevés között után előtt alatt felett miatt nélkül által szerint itt ott most`,
  el: `ο η το οι τα του της των τον την τους τις ένας μία μια ένα και ή αλλά όμως ότι πως να αν όταν όπου γιατί επειδή
    διότι ενώ σε στο στη στην στον στους στις στα από με χωρίς για προς κατά μετά πριν μέχρι υπό μεταξύ εγώ μου με
    μένα εσύ σου σε εσένα αυτός αυτή αυτό αυτοί αυτές αυτά αυτού αυτής αυτών εμείς μας εσείς σας τους ποιος ποια ποιο
    ποιοι ποιες ποιον ποιων τι πού πότε πόσο πόσα πόσοι πόσες ποιου είναι είμαι είσαι ήταν ήμουν είχε είχαν έχει έχουν
    έχω θα δεν δε μην μη ναι όχι πολύ πιο μόνο επίσης όλα όλοι όλες άλλο άλλα κάθε κάποιος κάτι που`,
  ar: `و ف ب ل ك ال في من إلى الى على عن مع بين حتى منذ خلال بعد قبل عند تحت فوق دون أو او أم لكن بل ثم أن ان إن إذا
    اذا لو كي لأن لان كما حيث حين هذا هذه ذلك تلك هؤلاء الذي التي الذين اللذان ما ماذا من متى أين اين كيف كم لماذا هل
    أي اي أية أنا انا أنت انت هو هي نحن هم هن له لها لهم به بها بهم فيه فيها منه منها عليه عليها كان كانت كانوا يكون
    تكون ليس ليست قد لقد سوف لا لم لن كل بعض غير أكثر جدا فقط أيضا ايضا التى وهو وهي`,
  hi: `का की के को से में पर ने और या लेकिन कि यदि अगर तो जब जहाँ जहां क्योंकि तक लिए साथ बिना बाद पहले द्वारा यह ये वह वे
    इस इन उस उन इसे उसे इसका इसकी इसके उसका उसकी उसके मैं मुझे मेरा मेरी मेरे तुम आप आपका आपकी आपके हम हमें हमारा
    हमारी हमारे कौन किस किसने किसे किसका क्या कब कहाँ कहां कैसे क्यों कितना कितने कितनी कौनसा जो जिस जिसने जिन है हैं
    था थी थे हो होता होती होते हुआ हुई हुए होना कर करना करने किया गया गई गए सकता सकती सकते चाहिए नहीं न ही भी बहुत
    अधिक सब कुछ एक अन्य प्रत्येक अपने अपना अपनी`,
  vi: `và hoặc hay nhưng mà thì là của cho với từ đến tới ở trong ngoài trên dưới giữa về bằng theo trước sau khi nếu vì
    do bởi tại để như cũng đã đang sẽ được bị có không chưa rất chỉ các những một này kia đó ấy tôi tao bạn anh chị em
    ông bà nó chúng họ ta mình ai gì nào đâu sao bao nhiêu mấy thế cái con người mọi mỗi nhiều hơn nhất cả khác vậy
    ra vào lên xuống lại nên phải`,
  id: `dan atau tetapi tapi bahwa jika kalau ketika saat karena agar supaya di ke dari pada untuk dengan tanpa oleh dalam
    antara sampai sejak saya aku anda kamu dia ia kami kita mereka ini itu yang siapa apa apakah mana kapan mengapa
    kenapa bagaimana berapa adalah ialah ada sudah telah akan sedang bisa dapat harus tidak bukan juga hanya sangat
    lebih paling semua setiap lain para sebuah seorang`,
  uk: `і й та а але або чи що щоб як якщо коли де куди звідки тому бо не ні так в у на з із до від о об за по для при про
    без під над між через перед після я мене мені мій моя ти тебе твій він його йому вона її їй воно ми нас нам наш ви
    вас вам ваш вони їх їм себе свій хто кого що чого який яка яке які якого котрий цей ця це ці той та те ті там тут
    скільки чому навіщо був була було були бути є буде будуть може можна треба вже ще дуже тільки також усі все інший
    кожний більше`,
  he: `של את על אל עם בין עד מן כי אם או אבל גם רק לא כן זה זו זאת אלה הוא היא הם הן אני אתה את אנחנו אתם מי מה איפה
    מתי למה מדוע איך כמה איזה היה היתה היו יש אין כל עוד יותר מאוד לפני אחרי אשר`,
};
