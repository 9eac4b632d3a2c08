"""Words that rtcstats writes as numbers: methods, types of statistics, and their members.

Format version 3; numbers are never given to another word. What is not here is written out.
"""

from __future__ import annotations

MEDIA = "navigator.mediaDevices."

METHODS: dict[int | str, str] = {
    1: "getStats", "g": "getStats",
    2: "createOffer", 3: "createOfferOnSuccess", 12: "createOfferOnFailure",
    4: "createAnswer", 5: "createAnswerOnSuccess", 13: "createAnswerOnFailure",
    6: "setLocalDescription", 7: "setLocalDescriptionOnSuccess",
    14: "setLocalDescriptionOnFailure",
    8: "setRemoteDescription", 9: "setRemoteDescriptionOnSuccess",
    15: "setRemoteDescriptionOnFailure",
    10: "addIceCandidate", 11: "addIceCandidateOnSuccess", 16: "addIceCandidateOnFailure",
    20: "onicecandidate", 21: "onicecandidateerror", 22: "ontrack",
    23: "onsignalingstatechange", 24: "oniceconnectionstatechange",
    25: "onconnectionstatechange", 26: "onicegatheringstatechange",
    27: "onnegotiationneeded", 28: "ondatachannel",
    30: "addTrack", 31: "addTrackOnSuccess", 32: "addTransceiver", 33: "addTransceiverOnSuccess",
    34: "removeTrack", 35: "createDataChannel", 36: "close", 37: "restartIce",
    38: "setConfiguration", 39: "create", 40: "constraints", 41: "setCodecPreferences",
    42: "setHeaderExtensionsToNegotiate", 50: "setParameters", 51: "replaceTrack",
    60: f"{MEDIA}getUserMedia", 61: f"{MEDIA}getUserMediaOnSuccess",
    65: f"{MEDIA}getUserMediaOnFailure", 63: f"{MEDIA}getDisplayMedia",
    64: f"{MEDIA}getDisplayMediaOnSuccess", 68: f"{MEDIA}getDisplayMediaOnFailure",
    66: f"{MEDIA}enumerateDevices", 67: f"{MEDIA}ondevicechange",
    70: "MediaStreamTrack.stop", 71: "MediaStreamTrack.applyConstraints",
    72: "MediaStreamTrack.onended", 73: "MediaStreamTrack.onmute",
    74: "MediaStreamTrack.onunmute", 80: "HTMLMediaElement.resize",
}  # fmt: skip

TYPES: dict[int, str] = dict(
    enumerate(
        ("inbound-rtp", "outbound-rtp", "remote-inbound-rtp", "remote-outbound-rtp", "transport",
         "candidate-pair", "local-candidate", "remote-candidate", "data-channel",
         "peer-connection", "certificate", "media-source", "media-playout", "codec"),
        start=1,
    )
)  # fmt: skip

_MEMBERS = """
4 payloadType transportId mimeType clockRate channels sdpFmtpLine ssrc kind codecId
14 packetsReceived packetsLost jitter trackIdentifier mid remoteId framesDecoded keyFramesDecoded
22 framesDropped frameWidth frameHeight framesPerSecond qpSum totalDecodeTime totalInterFrameDelay
29 totalSquaredInterFrameDelay pauseCount totalPausesDuration freezeCount totalFreezesDuration
34 lastPacketReceivedTimestamp headerBytesReceived packetsDiscarded fecPacketsReceived
38 fecPacketsDiscarded fecBytesReceived fecSsrc bytesReceived nackCount firCount pliCount
45 totalProcessingDelay estimatedPlayoutTimestamp jitterBufferDelay jitterBufferTargetDelay
49 jitterBufferEmittedCount jitterBufferMinimumDelay totalSamplesReceived concealedSamples
53 silentConcealedSamples concealmentEvents insertedSamplesForDeceleration
56 removedSamplesForAcceleration audioLevel totalAudioEnergy totalSamplesDuration framesReceived
61 decoderImplementation playoutId powerEfficientDecoder framesAssembledFromMultiplePackets
65 totalAssemblyTime contentType googTimingFrameInfo retransmittedPacketsReceived
69 retransmittedBytesReceived rtxSsrc totalCorruptionProbability totalSquaredCorruptionProbability
73 corruptionMeasurements localId roundTripTime totalRoundTripTime fractionLost
78 roundTripTimeMeasurements packetsSent bytesSent mediaSourceId rid encodingIndex headerBytesSent
85 retransmittedPacketsSent retransmittedBytesSent targetBitrate totalEncodedBytesTarget framesSent
90 hugeFramesSent framesEncoded keyFramesEncoded totalEncodeTime totalPacketSendDelay
95 qualityLimitationReason qualityLimitationDurations qualityLimitationResolutionChanges
98 encoderImplementation powerEfficientEncoder active scalabilityMode remoteTimestamp reportsSent
104 echoReturnLoss echoReturnLossEnhancement width height frames synthesizedSamplesDuration
110 synthesizedSamplesEvents totalPlayoutDelay totalSamplesCount dataChannelsOpened
114 dataChannelsClosed label protocol dataChannelIdentifier state messagesSent messagesReceived
121 iceRole iceLocalUsernameFragment dtlsState iceState selectedCandidatePairId localCertificateId
127 remoteCertificateId tlsVersion dtlsCipher dtlsRole srtpCipher selectedCandidatePairChanges
133 rtcpTransportStatsId address port candidateType priority url relayProtocol foundation
141 relatedAddress relatedPort usernameFragment tcpType networkType
148 localCandidateId remoteCandidateId nominated lastPacketSentTimestamp currentRoundTripTime
153 availableOutgoingBitrate availableIncomingBitrate requestsReceived requestsSent
157 responsesReceived responsesSent consentRequestsSent packetsDiscardedOnSend bytesDiscardedOnSend
163 fingerprint fingerprintAlgorithm base64Certificate issuerCertificateId psnrMeasurements psnrSum
169 packetsReceivedWithEct1 packetsReceivedWithCe packetsReportedAsLost
172 packetsReportedAsLostButRecovered packetsWithBleachedEct1Marking packetsSentWithEct1
175 ccfbMessagesSent ccfbMessagesReceived
"""
"""Each line begins with the number of its first word."""

MEMBERS: dict[str, str] = {"t": "timestamp"} | {
    str(int(first) + place): name
    for first, *names in map(str.split, _MEMBERS.strip().splitlines())
    for place, name in enumerate(names)
}
