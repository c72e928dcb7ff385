// An event of each kind, with every field that is read and some that are not, as the docs show them.
#pragma once

#include <string>

namespace lavapp::discord::sample {

inline const std::string user =
    R"({"username":"nelly","public_flags":131072,"id":"80351110224678912","global_name":"Nelly","discriminator":"0",)"
    R"("bot":true,"avatar":"a_8342729096ea3675442027381ff50dfe","clan":null})";

inline const std::string hello = R"({"heartbeat_interval":41250,"_trace":["[\"gateway-prd\"]"]})";

inline const std::string ready =
    R"({"v":10,"user_settings":{},"user":)" + user +
    R"(,"session_type":"normal","session_id":"6f3a9cd1","resume_gateway_url":"wss://gateway-us-east1-b.discord.gg",)"
    R"("shard":[1,4],"guilds":[{"unavailable":true,"id":"41771983423143937"},{"unavailable":true,"id":"2"}],)"
    R"("application":{"id":"80351110224678913","flags":565248},"_trace":["x"]})";

inline const std::string member = R"({"user":)" + user + R"(,"roles":["41771983423143936"],"nick":null,"permissions":"8","flags":0})";

inline const std::string voice_state =
    R"({"member":)" + member +
    R"(,"user_id":"80351110224678912","suppress":true,"session_id":"90326bd25d71d39b","self_video":true,"self_stream":true,)"
    R"("self_mute":true,"self_deaf":true,"request_to_speak_timestamp":"2021-03-31T18:45:31.297561+00:00","mute":true,)"
    R"("guild_id":"41771983423143937","deaf":true,"channel_id":"157733188964188161"})";

inline const std::string voice_server =
    R"({"token":"my_voice_token","guild_id":"41771983423143937","endpoint":"sweetwater-12345.discord.media:2048"})";

inline const std::string voice_channel_status =
    R"({"status":"playing","id":"157733188964188161","guild_id":"41771983423143937"})";

inline const std::string guild_create =
    R"({"id":"41771983423143937","unavailable":false,"name":"Discord Developers","owner_id":"73193882359173120",)"
    R"("joined_at":"2020-01-01T00:00:00.000000+00:00","large":true,"member_count":1201,"roles":[{"id":"1","name":"@everyone"}],)"
    R"("voice_states":[{"user_id":"5","suppress":false,"session_id":"s5","self_video":false,"self_mute":true,"self_deaf":false,)"
    R"("request_to_speak_timestamp":null,"mute":false,"deaf":false,"channel_id":"157733188964188161"}],)"
    R"("channels":[{"id":"157733188964188161","type":2,"name":"Music \ud83c\udfb5","position":3,"parent_id":"7","bitrate":64000,)"
    R"("user_limit":10,"permission_overwrites":[{"id":"1","type":0,"allow":"0","deny":"0"}],"rtc_region":null},)"
    R"({"id":"158","type":99,"name":"new","position":0,"parent_id":null}],)"
    R"("members":[ {"user":{"id":"5","username":"five"},"roles":[]} ],"presences":[],"emojis":[],"premium_tier":3})";

inline const std::string guild_delete = R"({"id":"41771983423143937","unavailable":true})";

inline const std::string message =
    R"({"type":19,"tts":false,"timestamp":"2017-07-11T17:27:07.299000+00:00","pinned":false,"nonce":"n",)"
    R"("mentions":[{"username":"five","id":"5","member":{"roles":[]}},{"username":"six","id":"6"}],"mention_roles":[],)"
    R"("mention_everyone":false,"member":{"roles":[],"nick":"n"},"id":"334385199974967042","flags":4096,"embeds":[],)"
    R"("content":"!play \"caf\u00e9\"\n","components":[],"channel_id":"290926798999357250","author":)" +
    user + R"(,"attachments":[],"webhook_id":"12","guild_id":"290926798626357999"})";

/// A slash command in a guild.
inline const std::string interaction =
    R"({"version":1,"type":2,"token":"A_UNIQUE_TOKEN","member":)" + member +
    R"(,"locale":"en-US","id":"786008729715212338","guild_locale":"de","guild_id":"290926798626357999","data":{)"
    R"("type":1,"resolved":{"channels":{"157":{"id":"157","type":2}}},"name":"music","id":"771825006014889984","target_id":"9","options":[)"
    R"({"type":1,"name":"play","options":[{"type":3,"name":"query","value":"never gonna","focused":true},)"
    R"({"type":4,"name":"count","value":-3},{"type":10,"name":"volume","value":0.5},{"type":5,"name":"shuffle","value":true},)"
    R"({"type":7,"name":"channel","value":"157"},{"type":77,"name":"new","value":1e30}]}]},)"
    R"("channel_id":"645027906669510667","channel":{"id":"645027906669510667","type":0},"application_id":"775799577604522054","entitlements":[]})";

/// A menu in a direct message.
inline const std::string component =
    R"({"type":3,"token":"A_UNIQUE_TOKEN","user":)" + user +
    R"(,"id":"1","application_id":"2","channel_id":"3","message":{"id":"4","content":"choose"},)"
    R"("data":{"component_type":3,"custom_id":"menu","values":["one","two"]}})";

/// A form that was sent.
inline const std::string form =
    R"({"type":5,"token":"A_UNIQUE_TOKEN","user":)" + user +
    R"(,"id":"1","application_id":"2","data":{"custom_id":"form","components":[{"type":1,"components":[]}]}})";

}  // namespace lavapp::discord::sample
