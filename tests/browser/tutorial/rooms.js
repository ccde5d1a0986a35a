// The first tutorial's page script, as listed; kefu.html and yonghu.html set userType before it.

//客服聊天系统首页界面
var elementShouye = document.getElementById("shouye");
//客服聊天系统聊天室界面
var elementLiaotianshi = document.getElementById("liaotianshi");
//聊天室元素
var elementNeirong = document.getElementById("neirong");

var ws = null;
var userName = "";//用户名

//打开websocket服务方法
function turnOnServer() {
	//获取用户名
    userName = document.getElementById("inputUserName").value;
	//连接websocket服务
    ws = new WebSocket("ws://localhost:3000?type=" + userType + "&name=" + userName);
	//监听连接websocket服务
    ws.onopen = function () {
        console.log("已连接websocket服务!");
        //首页关闭
        elementShouye.style.display = "none";
		//打开聊天室
        elementLiaotianshi.style.display = "block";
		//清空聊天内容
        while (elementNeirong.hasChildNodes()) {
            elementNeirong.removeChild(elementNeirong.firstChild);
        }
	}
	//监听与websocket服务断开连接
    ws.onclose = function () {
        console.log("已断开websocket服务!");
        //显示首页,关闭聊天室
        elementShouye.style.display = "block";
        elementLiaotianshi.style.display = "none";
    }
	//监听websocket消息
    ws.onmessage = function (data) {
        var message = JSON.parse(data.data);
		/**
		* 渲染聊天内容
		* neiRong 消息内容
		* shuiFaDe 谁发的
		*/
        showMessage(message.neiRong, message.shuiFaDe);
    }
}

//用户获取是否用空闲房间
function getroom(){
	//获取用户
    userName = document.getElementById("inputUserName").value;
    $.ajax({
        type:'get',
        url:"http://localhost:3001/getroom",
        data:{
            "userName":userName
        },
        dataType:"json",
        success:function(data){
            if(data.room){
                //有空闲房间
                //启动websocket服务
                turnOnServer();
            }
        },
        error:function(xhr){
            console.log("error:"+xhr.status);
		}
    })
}

/**
 * 显示消息
 * neiRong 显示内容
 * shuiFade 谁发的
*/
function showMessage(neiRong, shuiFade) {
    var elementDiv = document.createElement("div");
    var elementSpan = document.createElement("span");
    elementSpan.innerHTML = shuiFade;
    var elementP = document.createElement("p");
    elementP.innerHTML = neiRong;
    if (shuiFade == userName) {
		//显示自己发的消息(自己的消息显示在右边)
		elementSpan.className = "text_align_right";
        elementP.className = "text_align_right";
        if (userType == "kefu") {
            elementDiv.className = "clearfix kefu_xiaoxi";
        } else if (userType == "yonghu") {
            elementDiv.className = "clearfix yonghu_xiaoxi";
        }
    } else {
        //显示别人发过来的消息(别人的消息显示在左边)
        if (shuiFade == "系统") {
            //设置系统消息样式
            elementDiv.className = "clearfix xitong_xiaoxi";
        } else {
            //不是系统消息样式,用户或客服
            if (userType == "kefu") {
                //如果当前身份是客服则设置用户消息样式
                elementDiv.className = "clearfix yonghu_xiaoxi";
            } else if (userType == "yonghu") {
                //如果当前身份是用户则设置客服消息样式
                elementDiv.className = "clearfix kefu_xiaoxi";
            }
        }
    }
    elementDiv.appendChild(elementSpan);
    elementDiv.appendChild(elementP);
    elementNeirong.appendChild(elementDiv);
}

//关闭服务
function turnOffServer() {
    ws.close();
}

//发送消息
function send() {
    var txt = document.getElementById("sendText").value;
    ws.send(JSON.stringify({ "neiRong": txt }));
}
